import type { ClockDetails, ClockInfo, ClockSourceInfo } from '@tutti/common';
import { InvalidArgumentError, type Command } from 'commander';
import { candidateTable, clockFacts, eventLines } from '../clock-text.ts';
import { CommandContext, common } from '../context.ts';
import { facts, table } from '../table.ts';

type Options = Readonly<Record<string, unknown>>;

/** clock status | sources | use. */
export function addClockCommands(program: Command): void {
  const clock = program.command('clock').description('the media clock');
  common(clock.command('status'))
    .description('its state, whom it follows and why, and how well')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const details = await context.api.get<ClockDetails>('/clock/report');
      context.print(details, () =>
        [facts(clockFacts(details)), candidateTable(details), eventLines(details)]
          .filter((part) => part !== '')
          .join('\n\n'),
      );
    });
  common(clock.command('sources'))
    .description('what it may follow')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const sources = await context.api.get<readonly ClockSourceInfo[]>('/clock/sources');
      context.print(sources, () =>
        table(
          ['ID', 'ACTIVE', 'EXTENSION'],
          sources.map((each) => [each.id, each.active ? 'yes' : 'no', each.extension]),
        ),
      );
    });
  common(clock.command('use <id>'))
    .description('follow another source, or the same one with other options')
    .option('--set <name=value>', 'an option of the source, as in --set domain=5; may be repeated', set, {})
    .option('--unset <name>', 'take an option back to its default; may be repeated', unset, {})
    .action(async (id: string, given: { set: Options; unset: Options }, command: Command) => {
      const context = new CommandContext(command);
      const options = { ...given.unset, ...given.set };
      const info = await context.api.post<ClockInfo>('/clock/use', { source: id, options });
      context.print(info, () => facts(clockFacts({ ...info, report: {}, history: [], events: [] })));
    });
}

/** The value is JSON if it reads as JSON (`5`, `true`, `["eth0"]`), else text. */
function set(text: string, before: Options): Options {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It must be NAME=VALUE.');
  const value = text.slice(equals + 1);
  return { ...before, [text.slice(0, equals)]: readValue(value) };
}

function unset(name: string, before: Options): Options {
  return { ...before, [name]: null };
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
