import {
  healthDomains,
  type AddReceiver,
  type ChangeReceiver,
  type HealthState,
  type ReceiverInfo,
} from '@tutti/common';
import { formatChannelMap, skewText } from '@tutti/model';
import { Option, type Command } from 'commander';
import { CommandContext, common } from '../context.ts';
import { formatText } from '../format-text.ts';
import { number, readText, whole } from '../option-readers.ts';
import { readPassword } from '../read-password.ts';
import { facts, table } from '../table.ts';

/** receiver add | list | show | set | remove. */
export function addReceiverCommands(program: Command): void {
  const receiver = program.command('receiver').description('sessions received into device inputs');
  common(receiver.command('add'))
    .description('receive a session')
    .addOption(new Option('--session <id>', 'id or name of a session on the network').conflicts('sdp'))
    .option('--sdp <file>', 'a session description: a file, - for standard input, or a URL as rtsp://...')
    .option('--ask-password', 'with rtsp://user@...: ask for the password, or read it from standard input')
    .option(
      '--map <map>',
      'stream channels to device inputs, as in 1-8:17-24; default: the first free inputs',
    )
    .option('--link-offset <ms>', 'constant delay from timestamp to playout', number)
    .addOption(timingOption())
    .option('--codec <id>', codecWords)
    .option('--interface <if>', 'join on this interface; two with a comma for two paths')
    .option('--stream <n>', 'which stream of the session, from 0', whole)
    .option('--name <name>', 'what to call it')
    .action(add);
  common(receiver.command('list'))
    .description('every receiver')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const receivers = await context.api.get<readonly ReceiverInfo[]>('/receivers');
      context.print(receivers, () => table(heading, receivers.map(row)));
    });
  common(receiver.command('show <id>'))
    .description('one receiver, with its counters')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      show(context, await context.api.get<ReceiverInfo>(`/receivers/${encodeURIComponent(id)}`));
    });
  common(receiver.command('set <id>'))
    .description('change a receiver')
    .option(
      '--link-offset <ms>',
      'constant delay from timestamp to playout; auto for the default',
      numberOrAuto,
    )
    .addOption(timingOption())
    .option('--codec <id>', codecWords)
    .option('--name <name>', 'what to call it')
    .action(set);
  common(receiver.command('remove <id>'))
    .description('stop receiving')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      await context.api.delete(`/receivers/${encodeURIComponent(id)}`);
      context.print({ removed: id }, () => '');
    });
}

const codecWords =
  'what reads the stream: its encoding as L24, or what hides inside: DOP passes DSD on, DOP-PCM converts it (default: auto)';

function timingOption(): Option {
  return new Option(
    '--timing <kind>',
    'shared: our media clock, bit-exact; resample: another clock, resampled onto ours; arrival: another clock, bit-exact between jumps',
  ).choices(['auto', 'shared', 'resample', 'arrival']);
}

/** commander takes null for a missing value, so that `auto` stays a word here. */
function numberOrAuto(text: string): number | 'auto' {
  return text === 'auto' ? text : number(text);
}

interface SetOptions {
  readonly linkOffset?: number | 'auto';
  readonly timing?: AddReceiver['timing'];
  readonly codec?: string;
  readonly name?: string;
}

async function set(id: string, options: SetOptions, command: Command): Promise<void> {
  const body: ChangeReceiver = {
    ...(options.name !== undefined && { name: options.name }),
    ...(options.linkOffset !== undefined && {
      linkOffsetMs: options.linkOffset === 'auto' ? null : options.linkOffset,
    }),
    ...(options.timing !== undefined && { timing: options.timing }),
    ...(options.codec !== undefined && { codec: options.codec }),
  };
  if (Object.keys(body).length === 0) command.error('error: give --link-offset, --timing, --codec or --name');
  const context = new CommandContext(command);
  show(context, await context.api.patch<ReceiverInfo>(`/receivers/${encodeURIComponent(id)}`, body));
}

interface AddOptions {
  readonly session?: string;
  readonly sdp?: string;
  readonly askPassword?: true;
  readonly map?: string;
  readonly linkOffset?: number;
  readonly timing?: AddReceiver['timing'];
  readonly codec?: string;
  readonly interface?: string;
  readonly stream?: number;
  readonly name?: string;
}

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

async function add(options: AddOptions, command: Command): Promise<void> {
  if (options.session === undefined && options.sdp === undefined) {
    command.error('error: give --session ID or --sdp FILE');
  }
  const context = new CommandContext(command);
  const url = options.askPassword ? await withPassword(options.sdp ?? '', command) : options.sdp;
  const body: AddReceiver = {
    ...(options.session !== undefined && { sessionId: options.session }),
    ...(url !== undefined && (isUrl(url) ? { url } : { sdp: await readText(url) })),
    ...(options.map !== undefined && { map: options.map }),
    ...(options.linkOffset !== undefined && { linkOffsetMs: options.linkOffset }),
    ...(options.timing !== undefined && { timing: options.timing }),
    ...(options.codec !== undefined && { codec: options.codec }),
    ...(options.interface !== undefined && { interface: options.interface }),
    ...(options.stream !== undefined && { stream: options.stream }),
    ...(options.name !== undefined && { name: options.name }),
  };
  const added = await context.api.post<ReceiverInfo>('/receivers', body);
  context.print(added, () => added.id);
  context.say(`${timingWords[added.timing]}; link offset ${added.linkOffsetMs} ms`);
}

/** `rtsp://user@host/path` with the password that is asked for: arguments of a command are seen by other users. */
async function withPassword(url: string, command: Command): Promise<string> {
  const [, user, rest] = /^([a-z][a-z0-9+.-]+:\/\/[^:@/]+)(@.*)$/i.exec(url) ?? [];
  if (user === undefined || rest === undefined)
    command.error('error: --ask-password wants --sdp rtsp://user@host/path');
  return `${user}:${encodeURIComponent(await readPassword('Password: '))}${rest}`;
}

const timingWords: Readonly<Record<ReceiverInfo['timing'], string>> = {
  shared: 'shares our clock',
  resample: 'on another clock: resampled onto ours',
  arrival: 'on another clock: anchored on arrival',
};

const heading = [
  'ID',
  'STATE',
  'HEALTH',
  'FORMAT',
  'TIMING',
  'FROM',
  'MAP',
  'PACKETS',
  'LOST',
  'LATE',
  'NAME',
];

const healthWords: Readonly<Record<HealthState, string>> = {
  inactive: '-',
  healthy: 'healthy',
  partiallyHealthy: 'partly',
  unhealthy: 'unhealthy',
};

function row(each: ReceiverInfo): readonly string[] {
  return [
    each.id,
    each.state,
    healthWords[each.health.overall],
    formatText(each),
    [each.timing, senderClock(each)].filter((word) => word !== undefined).join(' '),
    each.legs.map((leg) => `${leg.address}:${leg.port}`).join(' '),
    formatChannelMap(each.map) || '-',
    ...['packets', 'lost', 'late'].map((name) => String(each.counters[name] ?? '-')),
    each.problem === undefined ? each.name : `${each.name}: ${each.problem.message}`,
  ];
}

/** By how much the sender's clock is faster than ours, as far as it was recovered. */
function senderClock({ timing, counters }: ReceiverInfo): string | undefined {
  const ppb = counters['senderPpb'];
  if (timing !== 'resample' || ppb === undefined || counters['anchored'] !== 1) return undefined;
  return `${ppb < 0 ? '' : '+'}${(ppb / 1000).toFixed(2)} ppm`;
}

/** Of a stream with two legs (ST 2022-7). */
function pathDifference({ legs, counters }: ReceiverInfo): string | undefined {
  return legs.length < 2 ? undefined : skewText(counters['legSkewNs'] ?? 0);
}

function show(context: CommandContext, info: ReceiverInfo): void {
  context.print(info, () =>
    [
      table(heading, [row(info)]),
      facts([
        ...[...healthDomains, 'signal' as const].map((domain): readonly [string, string] => {
          const { state, message, evidence } = info.health[domain];
          return [domain, `${healthWords[state]}: ${message} (${evidence})`];
        }),
        ['codec', info.codec],
        ['timing', info.timing],
        ['sender clock', senderClock(info)],
        ['link offset', `${info.linkOffsetMs} ms`],
        ['interfaces', info.legs.map((leg) => leg.interface).join(', ')],
        ['path difference', pathDifference(info)],
        ['address', info.url],
        ...Object.entries(info.counters),
      ]),
    ].join('\n'),
  );
}
