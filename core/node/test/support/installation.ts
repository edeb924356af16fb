import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Disposable } from '@tutti/base';
import { temporaryFolder } from './temporary-folder.ts';

const core = resolve(import.meta.dirname, '../../..');
const nodeBundle = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
} as const;

/** An extension whose behaviour a test writes as the body of `activate`, in plain JavaScript with `api` and `context`. */
export interface TestExtension {
  readonly name: string;
  readonly activate: string;
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Content of its native library, `library`; nothing opens it. */
  readonly library?: string;
}

/**
 * A small installation on disk: the real extension host, the null engine, a page, and extensions of the test.
 * What `startHost` needs as its root.
 */
export async function installation(
  extensions: readonly TestExtension[] = [],
): Promise<{ readonly root: string; readonly data: string } & Disposable> {
  const folder = temporaryFolder();
  const root = join(folder.path, 'root');
  const bundle = (entry: string, name: string): Promise<unknown> =>
    build({ ...nodeBundle, entryPoints: [join(core, entry)], outfile: join(root, 'dist', name) });
  await Promise.all([
    bundle('exthost/src/main.ts', 'exthost.js'),
    bundle('test-kit/src/null-engine/main.ts', 'engine.js'),
  ]);
  mkdirSync(join(root, 'dist/ui'), { recursive: true });
  writeFileSync(join(root, 'dist/ui/index.html'), '<!doctype html><title>Tutti</title>');
  writeFileSync(join(root, 'package.json'), '{ "type": "module", "version": "0.1.0" }');
  for (const extension of [codecs, ...extensions]) writeExtension(root, extension);
  return { root, data: join(folder.path, 'data'), dispose: () => folder.dispose() };
}

/** Codecs and clock by manifest; the null engine never opens the library. */
const codecs: TestExtension = {
  name: 'codecs',
  activate: '',
  manifest: {
    contributes: {
      native: [
        { kind: 'codec', id: 'L16', abi: 1, library: 'library' },
        { kind: 'codec', id: 'L24', abi: 1, library: 'library' },
        { kind: 'clock', id: 'system', abi: 1, library: 'library' },
      ],
    },
  },
};

/** Writes an extension into `root/extensions`. @returns its folder. */
export function writeExtension(
  root: string,
  { name, activate, manifest, library = '' }: TestExtension,
): string {
  const folder = join(root, 'extensions', name);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist/library.so'), library);
  writeFileSync(
    join(folder, 'dist/main.js'),
    `export async function activate(context) { const { api } = context; ${activate} }`,
  );
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      publisher: 'test',
      name,
      version: '1.0.0',
      type: 'module',
      engines: { tutti: '^0.1.0' },
      main: './dist/main.js',
      ...manifest,
    }),
  );
  return folder;
}
