import { resolve } from 'node:path';
import type { ExtensionInfo } from '@tutti/common';
import type { Command } from 'commander';
import { CommandContext, common } from '../context.ts';
import { table } from '../table.ts';
import { addAuthorCommands } from './extension-authors.ts';

/** extension list | enable | disable | trust | reload | install | uninstall; and what authors do. */
export function addExtensionCommands(program: Command): void {
  const extension = program.command('extension').description('what Tutti is extended with');
  common(extension.command('list'))
    .description('every extension')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      print(context, await context.api.get<readonly ExtensionInfo[]>('/extensions'));
    });
  for (const [verb, what] of [
    ['enable', 'use an extension, at once; also one in quarantine'],
    ['trust', 'let the engine load the native code of an extension from outside'],
    ['reload', 'start an extension anew from its files'],
  ] as const) {
    common(extension.command(`${verb} <id>`))
      .description(what)
      .action(async (id: string, _options: unknown, command: Command) => {
        const context = new CommandContext(command);
        printOne(context, await context.api.post<ExtensionInfo>(`${pathOf(id)}/${verb}`));
      });
  }
  const force = '--force';
  const forceText = 'though streams or other extensions would stop';
  common(extension.command('disable <id>'))
    .description('do not use an extension, at once')
    .option(force, forceText)
    .action(async (id: string, options: { force?: boolean }, command: Command) => {
      const context = new CommandContext(command);
      printOne(
        context,
        await context.api.post<ExtensionInfo>(`${pathOf(id)}/disable`, {
          force: options.force === true,
        }),
      );
    });
  common(extension.command('install <path>'))
    .description('install or update from a .tutti file or a folder')
    .option('--trust-native', 'and let its native code be loaded into the engine')
    .action(async (path: string, options: { trustNative?: boolean }, command: Command) => {
      const context = new CommandContext(command);
      const request = { path: resolve(path), trustNative: options.trustNative === true };
      printOne(context, await context.api.post<ExtensionInfo>('/extensions/install', request));
    });
  common(extension.command('uninstall <id>'))
    .description('remove an installed extension')
    .option(force, forceText)
    .action(async (id: string, options: { force?: boolean }, command: Command) => {
      const context = new CommandContext(command);
      await context.api.delete(`${pathOf(id)}${options.force === true ? '?force=true' : ''}`);
      context.print({ id }, () => `${id} is removed`);
    });
  addAuthorCommands(extension);
}

const pathOf = (id: string): string => `/extensions/${encodeURIComponent(id)}`;

function printOne(context: CommandContext, info: ExtensionInfo): void {
  context.print(info, () => `${info.id} ${stateOf(info)}`);
}

function print(context: CommandContext, extensions: readonly ExtensionInfo[]): void {
  context.print(extensions, () =>
    table(
      ['ID', 'VERSION', 'FROM', 'STATE', 'CONTRIBUTES', 'NAME'],
      extensions.map((each) => [
        each.id,
        each.version,
        each.origin,
        stateOf(each),
        each.contributions.join(', '),
        each.problem === undefined ? each.displayName : `${each.displayName}: ${each.problem.message}`,
      ]),
    ),
  );
}

function stateOf({ state, reason }: ExtensionInfo): string {
  return reason === undefined ? state : `${state} (${reason})`;
}
