import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { instancePaths, type Paths } from '@tutti/node/instance';
import type { Command } from 'commander';
import { HostApi } from './host-api.ts';

/** Options that every command takes. */
interface CommonOptions {
  readonly data?: string;
  readonly json?: boolean;
}

/** What a command works with: the instance it is about, and how to print. */
export class CommandContext {
  readonly root: string;
  readonly version: string;
  readonly data: string | undefined;
  readonly json: boolean;
  readonly paths: Paths;

  constructor(command: Command) {
    const options = command.optsWithGlobals<CommonOptions>();
    this.root = findRoot(import.meta.dirname);
    this.version = readVersion(this.root);
    this.data = options.data;
    this.json = options.json ?? false;
    this.paths = instancePaths(this.root, options.data);
  }

  /** The running host. @throws CommandError with exit code 3 when it is used and none runs. */
  get api(): HostApi {
    return new HostApi(this.paths);
  }

  /** Data goes to standard output: JSON with `--json`, otherwise lines for a person. */
  print(data: unknown, lines: () => string): void {
    const text = this.json ? JSON.stringify(data, undefined, 2) : lines();
    if (text !== '') process.stdout.write(`${text}\n`);
  }

  /** A message goes to standard error. */
  say(message: string): void {
    process.stderr.write(`${message}\n`);
  }
}

/** Adds the options that every command takes. */
export function common(command: Command): Command {
  return command
    .option('--data <dir>', 'the instance: its state, socket and token')
    .option('--json', 'print JSON');
}

/** The installation lies where `extensions/` and the root's package.json are, above this file. */
function findRoot(from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'extensions')) && existsSync(join(folder, 'package.json'))) return folder;
  }
  throw new Error(`no installation of Tutti around ${from}`);
}

function readVersion(root: string): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
