import type { ExtensionInfo } from '@tutti/common';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { CommandContext, common } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../table.ts';

/** extension list | enable | disable; the rest of the family is announced, not there. */
export function addExtensionCommands(program: Command): void {
  const extension = program.command('extension').description('what Tutti is extended with');
  common(extension.command('list'))
    .description('every extension')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      print(context, await context.api.get<readonly ExtensionInfo[]>('/extensions'));
    });
  for (const verb of ['enable', 'disable'] as const) {
    common(extension.command(`${verb} <id>`))
      .description(`${verb} an extension, at once`)
      .action(async (id: string, _options: unknown, command: Command) => {
        const context = new CommandContext(command);
        const info = await context.api.post<ExtensionInfo>(`/extensions/${encodeURIComponent(id)}/${verb}`);
        context.print(info, () => `${info.id} ${info.state}`);
      });
  }
  for (const verb of ['install <file>', 'uninstall <id>', 'new <dir>', 'validate <dir>', 'pack <dir>']) {
    common(extension.command(verb))
      .description('not in this version')
      .action(() => {
        throw new CommandError(exitCodes.usage, `extension ${verb.split(' ')[0] ?? ''}: not in this version`);
      });
  }
}

function print(context: CommandContext, extensions: readonly ExtensionInfo[]): void {
  context.print(extensions, () =>
    table(
      ['ID', 'VERSION', 'STATE', 'NAME'],
      extensions.map((each) => [
        each.id,
        each.version,
        each.state,
        each.problem === undefined ? each.displayName : `${each.displayName}: ${each.problem.message}`,
      ]),
    ),
  );
}
