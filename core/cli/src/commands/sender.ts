import type { AddSender, ChangeSender, SenderInfo } from '@tutti/common';
import { formatChannelMap } from '@tutti/model';
import type { Command } from 'commander';
import { CommandContext, common } from '../context.ts';
import { formatText } from '../format-text.ts';
import { number, whole } from '../option-readers.ts';
import { facts, table } from '../table.ts';

const destinations =
  '239.x.y.z[:5004]; 239.x.0.0/16 for a free group there; two with a comma for two paths (default: chosen)';

/** sender add | list | show | sdp | set | remove. */
export function addSenderCommands(program: Command): void {
  const sender = program.command('sender').description('device outputs sent as sessions of ours');
  common(sender.command('add'))
    .description('send device outputs')
    .requiredOption('--name <name>', 'name of the session')
    .requiredOption('--channels <list>', 'device outputs, as in 1-8 or 1,3,5')
    .option('--format <encoding>', 'L16 or L24 (default: L24)')
    .option('--ptime <ms>', 'packet time in milliseconds (default: 1)', number)
    .option('--dest <address>', destinations)
    .option('--interface <if>', 'leave by this interface; two with a comma for two paths')
    .option('--pt <n>', 'payload type, 96 to 127', whole)
    .option('--ttl <n>', 'IP TTL, 1 to 255', whole)
    .option('--dscp <n>', 'DSCP, 0 to 63', whole)
    .option('--share', 'allow outputs that another sender sends already')
    .action(add);
  common(sender.command('list'))
    .description('every sender')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const senders = await context.api.get<readonly SenderInfo[]>('/senders');
      context.print(senders, () => table(heading, senders.map(row)));
    });
  common(sender.command('show <id>'))
    .description('one sender, with its counters')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const info = await context.api.get<SenderInfo>(`/senders/${encodeURIComponent(id)}`);
      context.print(info, () =>
        [table(heading, [row(info)]), facts(Object.entries(info.counters))].join('\n'),
      );
    });
  common(sender.command('sdp <id>'))
    .description('its session description')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const sdp = await context.api.text(`/senders/${encodeURIComponent(id)}/sdp`);
      if (context.json) context.print({ sdp }, () => '');
      else process.stdout.write(sdp);
    });
  common(sender.command('set <id>'))
    .description('change a sender; its session stays the same one')
    .option('--name <name>', 'name of the session')
    .option('--format <encoding>', 'L16 or L24')
    .option('--ptime <ms>', 'packet time in milliseconds', number)
    .option('--dest <address>', destinations)
    .action(set);
  common(sender.command('remove <id>'))
    .description('stop sending')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      await context.api.delete(`/senders/${encodeURIComponent(id)}`);
      context.print({ removed: id }, () => '');
    });
}

interface AddOptions {
  readonly name: string;
  readonly channels: string;
  readonly format?: string;
  readonly ptime?: number;
  readonly dest?: string;
  readonly interface?: string;
  readonly pt?: number;
  readonly ttl?: number;
  readonly dscp?: number;
  readonly share?: boolean;
}

async function add(options: AddOptions, command: Command): Promise<void> {
  const context = new CommandContext(command);
  const body: AddSender = {
    name: options.name,
    channels: options.channels,
    ...(options.format !== undefined && { format: options.format }),
    ...(options.ptime !== undefined && { ptime: options.ptime }),
    ...(options.dest !== undefined && { dest: options.dest }),
    ...(options.interface !== undefined && { interface: options.interface }),
    ...(options.pt !== undefined && { payloadType: options.pt }),
    ...(options.ttl !== undefined && { ttl: options.ttl }),
    ...(options.dscp !== undefined && { dscp: options.dscp }),
    ...(options.share !== undefined && { share: options.share }),
  };
  const added = await context.api.post<SenderInfo>('/senders', body);
  context.print(added, () => added.id);
  context.say(`sends to ${added.legs.map((leg) => `${leg.address}:${leg.port}`).join(', ')}`);
}

async function set(id: string, { name, format, ptime, dest }: ChangeSender, command: Command): Promise<void> {
  const body: ChangeSender = {
    ...(name !== undefined && { name }),
    ...(format !== undefined && { format }),
    ...(ptime !== undefined && { ptime }),
    ...(dest !== undefined && { dest }),
  };
  if (Object.keys(body).length === 0) command.error('error: give --name, --format, --ptime or --dest');
  const context = new CommandContext(command);
  const changed = await context.api.patch<SenderInfo>(`/senders/${encodeURIComponent(id)}`, body);
  context.print(changed, () => table(heading, [row(changed)]));
}

const heading = ['ID', 'STATE', 'FORMAT', 'FRAMES', 'TO', 'MAP', 'PACKETS', 'NAME'];

function row(each: SenderInfo): readonly string[] {
  return [
    each.id,
    each.state,
    formatText(each),
    String(each.framesPerPacket),
    each.legs.map((leg) => `${leg.address}:${leg.port}`).join(' '),
    formatChannelMap(each.map) || '-',
    String(each.counters['packets'] ?? '-'),
    each.problem === undefined ? each.name : `${each.name}: ${each.problem.message}`,
  ];
}
