import type { RouteInfo } from '@tutti/common';
import { parseChannelMap } from '@tutti/model';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { CommandContext, common } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../table.ts';

const mapHelp =
  'stream channels to device inputs for a receiver, device outputs to stream channels for a sender';

/** route list | set | clear. */
export function addRouteCommands(program: Command): void {
  const route = program.command('route').description('crosspoints between streams and the device');
  common(route.command('list'))
    .description('every crosspoint')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      print(context, await context.api.get<readonly RouteInfo[]>('/routes'));
    });
  common(route.command('set <stream> <map>'))
    .description(`make crosspoints of receiver or sender <stream>; <map> as in 1-8:17-24: ${mapHelp}`)
    .action(async (stream: string, map: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      print(context, await context.api.post<readonly RouteInfo[]>('/routes/set', readRoutes(stream, map)));
    });
  common(route.command('clear <stream> [map]'))
    .description('clear crosspoints of receiver or sender <stream>: those of <map>, or all')
    .action(async (stream: string, map: string | undefined, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const all = await context.api.get<readonly RouteInfo[]>('/routes');
      const own = all.filter((each) => each.receiverId === stream || each.senderId === stream);
      // Without routes it may also not exist: asking for it says so.
      if (own.length === 0)
        await context.api.get(
          `/${stream.startsWith('s') ? 'senders' : 'receivers'}/${encodeURIComponent(stream)}`,
        );
      const routes = map === undefined ? own : readRoutes(stream, map);
      print(context, await context.api.post<readonly RouteInfo[]>('/routes/clear', routes));
    });
}

/** The id's letter says what it is: r for receivers, s for senders. */
function readRoutes(stream: string, map: string): readonly RouteInfo[] {
  const pairs = parseChannelMap(map);
  if (!pairs.ok) throw new CommandError(exitCodes.usage, `map: ${pairs.error.message}`);
  if (/^r\d+$/.test(stream))
    return pairs.value.map(([channel, input]) => ({ receiverId: stream, channel, input }));
  if (/^s\d+$/.test(stream))
    return pairs.value.map(([output, channel]) => ({ senderId: stream, channel, output }));
  throw new CommandError(exitCodes.notFound, `no receiver or sender ${stream}; ids look like r1 and s2`);
}

function print(context: CommandContext, routes: readonly RouteInfo[]): void {
  context.print(routes, () =>
    table(
      ['FROM', 'TO'],
      routes.map(({ receiverId, senderId, channel, input, output }) =>
        receiverId === undefined
          ? [`output ${output ?? ''}`, `${senderId ?? ''} channel ${channel}`]
          : [`${receiverId} channel ${channel}`, `input ${input ?? ''}`],
      ),
    ),
  );
}
