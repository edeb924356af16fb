import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ExtensionInfo } from '@tutti/common';
import { checkFolder, filesOf, writePackage } from '@tutti/node';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { CommandContext, common } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../table.ts';

/** extension list | enable | disable | trust | reload | install | uninstall | validate | pack. */
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

/** What needs no running host. */
function addAuthorCommands(extension: Command): void {
  common(extension.command('validate <dir>'))
    .description('check the manifest in a folder')
    .action(async (folder: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const path = join(folder, 'package.json');
      const { problems } = checkFolder(folder);
      context.print({ problems }, () =>
        problems.length === 0 ? `${path} is valid` : problems.map((each) => each.message).join('\n'),
      );
      if (problems.length > 0) process.exitCode = exitCodes.failed;
    });
  common(extension.command('pack <dir>'))
    .description('make a .tutti file of a built folder')
    .option('--out <file>', 'where to; NAME-VERSION.tutti unless given')
    .action(async (folder: string, options: { out?: string }, command: Command) => {
      const context = new CommandContext(command);
      const path = join(folder, 'package.json');
      const { manifest, problems } = checkFolder(folder);
      if (manifest === undefined)
        throw new CommandError(exitCodes.failed, problems.map((each) => each.message).join('\n'));
      const files = await filesOf(folder);
      const { main, name, version } = manifest;
      if (main !== undefined && files[main.replace(/^\.\//, '')] === undefined)
        throw new CommandError(exitCodes.failed, `${path}: main ${main} is not there: build it first`);
      const out = options.out ?? `${name}-${version}.tutti`;
      const bytes = writePackage(files);
      await writeFile(out, bytes);
      const count = Object.keys(files).length;
      context.print(
        { file: resolve(out), files: count, bytes: bytes.length },
        () => `${basename(out)}: ${count} files, ${bytes.length} bytes`,
      );
    });
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
