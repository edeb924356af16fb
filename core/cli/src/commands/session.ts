import type { SessionInfo } from '@tutti/common';
import type { Command } from 'commander';
import { CommandContext, common } from '../context.ts';
import { table } from '../table.ts';

/** session list | show. */
export function addSessionCommands(program: Command): void {
  const session = program.command('session').description('what is announced on the network');
  common(session.command('list'))
    .description('every session, merged over all providers')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const sessions = await context.api.get<readonly SessionInfo[]>('/sessions');
      context.print(sessions, () =>
        table(['ID', 'STATE', 'FORMAT', 'DESTINATION', 'SEEN BY', 'NAME'], sessions.map(row)),
      );
    });
  common(session.command('show <id>'))
    .description('one session, by id, beginning of an id, or name')
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const info = await context.api.get<SessionInfo>(`/sessions/${encodeURIComponent(id)}`);
      context.print(info, () =>
        [
          table(['ID', 'STATE', 'FORMAT', 'DESTINATION', 'SEEN BY', 'NAME'], [row(info)]),
          ...info.problems.map((each) => `${each.line}:${each.column}: ${each.severity}: ${each.message}`),
          info.sdp.trimEnd(),
        ].join('\n'),
      );
    });
}

function row(session: SessionInfo): readonly string[] {
  const stream = session.description.streams[0];
  const format = stream === undefined ? '-' : `${stream.encoding}/${stream.rate}/${stream.channels}`;
  const legs =
    stream?.legs.map((leg) => `${leg.address}:${leg.port}`).join(' ') ||
    (stream?.control === undefined ? '-' : 'on request');
  const seen = [...new Set(session.seenBy.map((each) => each.provider))].join(' ');
  return [session.id, session.senderId ?? session.state, format, legs, seen, session.name];
}
