import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fail } from '@tutti/base';
import { Option, type Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { CommandContext, common } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { extensionKinds, scaffold, type ExtensionKind } from '../scaffold.ts';

/** extension new | validate | pack: what authors do, with no host running. */
export function addAuthorCommands(extension: Command): void {
  common(extension.command('new <dir>'))
    .description('begin an extension: a folder that builds, with a test that passes')
    .addOption(
      new Option('--kind <kind>', 'what it is to contribute')
        .choices([...extensionKinds])
        .makeOptionMandatory(),
    )
    .option('--publisher <publisher>', 'who makes it', 'local')
    .option('--packages <dir>', 'folder with the tarballs of @tutti/api and @tutti/test')
    .action(create);
  common(extension.command('validate <dir>')).description('check the manifest in a folder').action(validate);
  common(extension.command('pack <dir>'))
    .description('make a .tutti file of a built folder')
    .option('--out <file>', 'where to; NAME-VERSION.tutti unless given')
    .action(pack);
}

interface NewOptions {
  readonly kind: ExtensionKind;
  readonly publisher: string;
  readonly packages?: string;
}

async function create(folder: string, options: NewOptions, command: Command): Promise<void> {
  const context = new CommandContext(command);
  const { kind, publisher } = options;
  const own = join(context.root, 'dist/packages');
  const packages = options.packages ?? (existsSync(own) ? own : undefined);
  const files = await scaffold({
    folder: resolve(folder),
    kind,
    publisher,
    templates: join(context.root, 'dist/templates'),
    ...(packages !== undefined && { packages }),
  });
  context.print({ folder: resolve(folder), kind, files }, () => {
    const where = relative(process.cwd(), resolve(folder)) || '.';
    return `${where}: ${files.length} files. Next:\n  cd ${where} && npm install && npm test`;
  });
}

async function validate(folder: string, _options: unknown, command: Command): Promise<void> {
  const context = new CommandContext(command);
  const path = join(folder, 'package.json');
  await mustHaveManifest(folder, path);
  const { checkFolder } = await import('@tutti/node');
  const { problems } = checkFolder(folder);
  context.print({ problems }, () =>
    problems.length === 0 ? `${path} is valid` : problems.map((each) => each.message).join('\n'),
  );
  if (problems.length > 0) process.exitCode = exitCodes.failed;
}

async function pack(folder: string, options: { out?: string }, command: Command): Promise<void> {
  const context = new CommandContext(command);
  const path = join(folder, 'package.json');
  await mustHaveManifest(folder, path);
  const { checkFolder, filesOf, writePackage } = await import('@tutti/node');
  const { manifest, problems } = checkFolder(folder);
  if (manifest === undefined)
    throw new CommandError(exitCodes.failed, problems.map((each) => each.message).join('\n'));
  const files = await filesOf(folder);
  const { main, name, version, contributes } = manifest;
  const missing = [
    ...(main === undefined ? [] : [main.replace(/^\.\//, '')]),
    ...(contributes?.native ?? []).map(({ library }) => `dist/${library}`),
    ...Object.values(contributes?.views ?? {}).flatMap((views) => views.flatMap(({ entry }) => entry ?? [])),
  ].find((wanted) => !Object.keys(files).some((file) => file === wanted || file.startsWith(`${wanted}.`)));
  if (missing !== undefined)
    throw new CommandError(
      exitCodes.failed,
      `${path}: it names ${missing}, which is not there: build it first`,
    );
  const out = options.out ?? `${name}-${version}.tutti`;
  const bytes = writePackage(files);
  await writeFile(out, bytes);
  const count = Object.keys(files).length;
  context.print(
    { file: resolve(out), files: count, bytes: bytes.length },
    () => `${relative(process.cwd(), resolve(out))}: ${count} files, ${bytes.length} bytes`,
  );
}

async function mustHaveManifest(folder: string, path: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw fail('notFound', `${folder} is no folder`, { field: 'dir' });
  if (!existsSync(path)) throw fail('notFound', `${folder} has no package.json`, { field: 'dir' });
}
