// Builds everything into dist/: TypeScript bundles with esbuild, native code with make. `--ts` and `--native` build one
// half; `--tools` builds what tests and benchmarks use at the ends of the wire (test/tools), which nobody else needs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundleForNode, bundleInChunks, oneLanguage } from './bundle.mjs';

const root = resolve(import.meta.dirname, '..');
const only = process.argv.slice(2);
const wants = (part) => only.length === 0 || only.includes(part);

const forPage = {
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  logLevel: 'warning',
};

async function buildTypeScript() {
  const built = await Promise.all([
    bundleInChunks(join(root, 'core/cli/src/main.ts'), join(root, 'dist'), 'cli'),
    ...['engine', 'exthost'].map((name) =>
      bundleForNode(join(root, `core/${name}/src/main.ts`), join(root, `dist/${name}.js`)),
    ),
    // One that contributes native libraries only has nothing to run in the extension host.
    ...extensions()
      .filter((dir) => existsSync(join(dir, 'src/extension.ts')))
      .map((dir) => bundleForNode(join(dir, 'src/extension.ts'), join(dir, 'dist/extension.js'))),
    // By itself: what it shares with the page would else be a file more that the first paint waits for.
    build({
      ...forPage,
      entryPoints: [join(root, 'ui/src/parts/meters/level-worker.ts')],
      outfile: join(root, 'dist/ui/level-worker.js'),
    }),
    build({
      ...forPage,
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      loader: { '.ttf': 'file' },
      plugins: [oneLanguage],
      entryPoints: [join(root, 'ui/src/main.tsx')],
      // What only some parts need (the text editor) is a file of its own, loaded when it is shown.
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      metafile: true,
      outdir: join(root, 'dist/ui'),
    }),
  ]);
  removeOldChunks(join(root, 'dist/chunks'), built.at(0).metafile);
  removeOldChunks(join(root, 'dist/ui/chunks'), built.at(-1).metafile);
  cpSync(join(root, 'core/cli/templates'), join(root, 'dist/templates'), { recursive: true });
  for (const file of readdirSync(join(root, 'ui/static'))) {
    copyFileSync(join(root, 'ui/static', file), join(root, 'dist/ui', file));
  }
}

/** Names of chunks change with their content: those of builds before would stay for ever. */
function removeOldChunks(folder, metafile) {
  const current = new Set(Object.keys(metafile.outputs).map((file) => resolve(file)));
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    if (!current.has(join(folder, file))) rmSync(join(folder, file));
  }
}

function extensions() {
  return readdirSync(join(root, 'extensions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, 'extensions', entry.name));
}

function make(folder, ...targets) {
  console.error(`building ${[folder, ...targets].join(' ')}`);
  const args = ['-C', join(root, folder), `-j${cpus().length}`, '--no-print-directory', '-s', ...targets];
  const env = { ...process.env, NODE_INCLUDE: nodeIncludeFolder() };
  const { status, error } = spawnSync('make', args, { stdio: 'inherit', env });
  if (error) {
    throw new Error(
      'make is missing: install a C++ compiler and make (Debian: apt-get install build-essential libsamplerate0-dev)',
    );
  }
  if (status !== 0) throw new Error(`make -C ${folder} failed`);
}

function buildNative() {
  mkdirSync(join(root, 'dist/native'), { recursive: true });
  const extensionFolders = extensions().map((dir) => relative(root, join(dir, 'native')));
  // ALSA and the file driver are Linux's; a Mac has the Core Audio driver.
  const hal = process.platform === 'darwin' ? 'hal/coreaudio' : 'hal';
  for (const folder of ['native', hal, ...extensionFolders]) {
    if (existsSync(join(root, folder, 'Makefile'))) make(folder);
  }
}

/** Where node_api.h lies: beside the running Node (its tarball and Debian packages have it). */
function nodeIncludeFolder() {
  const candidates = [
    resolve(dirname(process.execPath), '../include/node'),
    '/usr/include/node',
    '/usr/local/include/node',
  ];
  const found = candidates.find((folder) => existsSync(join(folder, 'node_api.h')));
  if (!found)
    throw new Error(`Node's headers are missing: looked for node_api.h in ${candidates.join(', ')}`);
  return found;
}

if (wants('--ts')) {
  console.error('building TypeScript');
  await buildTypeScript();
}
if (wants('--native')) buildNative();
if (only.includes('--tools')) {
  make('test/tools');
  make('hal/coreaudio', 'tool');
  make('extensions/aes67/native', 'reference');
}
