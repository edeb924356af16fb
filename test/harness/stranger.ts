import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from './lab.ts';

/** What the scaffolded extensions take from the registry, at the versions that the repository has. */
const toolchain = ['typescript', 'esbuild', '@esbuild', '@types/node', 'undici-types'];
const bins = ['tsc', 'esbuild'];

/**
 * Somebody with a folder outside the repository, who has the tarballs of `npm run pack:api` and nothing else of ours. The
 * registry's part (TypeScript, esbuild) is linked from the repository, so that the test needs no network.
 */
export class Stranger {
  readonly folder = mkdtempSync(join(tmpdir(), 'tutti-stranger-'));

  static async arrive(): Promise<Stranger> {
    await run(process.execPath, [join(repository, 'scripts/pack-api.mjs')], repository);
    const stranger = new Stranger();
    const packages = stranger.packages;
    const tarballs = readdirSync(packages).map((name) => join(packages, name));
    await stranger.run('npm', 'init', '-y');
    await stranger.run('npm', 'install', '--offline', '--no-audit', '--no-fund', ...tarballs);
    const own = join(stranger.folder, 'node_modules');
    mkdirSync(join(own, '@types'), { recursive: true });
    for (const name of toolchain) symlinkSync(join(repository, 'node_modules', name), join(own, name));
    for (const name of bins) {
      symlinkSync(join(repository, 'node_modules/.bin', name), join(own, '.bin', name));
    }
    return stranger;
  }

  get packages(): string {
    return join(repository, 'dist/packages');
  }

  /** Scaffolds, type-checks, builds, tests and packs an extension with the tarballs alone. @returns the .tutti file. */
  async make(name: string, kind: string): Promise<string> {
    await this.run(
      'npx',
      'tutti',
      'extension',
      'new',
      name,
      '--kind',
      kind,
      '--publisher',
      'stranger',
      '--packages',
      this.packages,
    );
    const folder = join(this.folder, name);
    symlinkSync('../node_modules', join(folder, 'node_modules'));
    await this.runIn(folder, 'npm', 'run', '--silent', 'check');
    await this.runIn(folder, 'npm', 'test', '--silent');
    await this.runIn(folder, 'npm', 'run', '--silent', 'validate');
    await this.runIn(folder, 'npm', 'run', '--silent', 'package');
    const file = join(folder, `${name}-0.1.0.tutti`);
    if (!existsSync(file)) throw new Error(`${file} was not made`);
    return file;
  }

  run(command: string, ...args: readonly string[]): Promise<string> {
    return run(command, args, this.folder);
  }

  runIn(folder: string, command: string, ...args: readonly string[]): Promise<string> {
    return run(command, args, folder);
  }

  leave(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end; rejects with everything it said unless that was well. */
function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(new Error(`${command} ${args.join(' ')} in ${cwd}: ${error.message}\n${stdout}\n${stderr}`));
    });
  });
}
