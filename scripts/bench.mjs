// `npm run bench [-- --seconds N]`: builds what is measured and hands over to test/bench, which shares the tests' lab.
// `--frames` measures only what drawing costs, `--first-sound` only the way from cold start to sound.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureDebianPackages, ensureNodePackages } from './packages.mjs';

const root = resolve(import.meta.dirname, '..');

if (process.getuid?.() !== 0) {
  console.error('the benchmark makes network namespaces: run it as root');
  process.exit(1);
}
ensureDebianPackages(['build', 'bench', 'unit']);
ensureNodePackages();

run(process.execPath, join(root, 'scripts/build.mjs'), '--ts', '--native', '--tools');
const options = process.argv.slice(2);
const wants = (part) => options.includes(part) || !['--frames', '--first-sound'].some((each) => options.includes(each));
if (wants('--full-load')) {
  run('make', '-s', '-C', join(root, 'extensions/aes67/native'), join(root, 'build/bench/codec_bench'));
  run(process.execPath, '--import', 'tsx', join(root, 'test/bench/main.ts'), ...options);
}
if (wants('--frames')) run(process.execPath, '--import', 'tsx', join(root, 'ui/test/bench/frame-budget.ts'));
if (wants('--first-sound')) run(process.execPath, '--import', 'tsx', join(root, 'test/bench/first-sound.ts'));
run(
  process.execPath,
  join(root, 'node_modules/prettier/bin/prettier.cjs'),
  ...['--log-level', 'warn', '--write', join(root, 'docs/performance.md'), join(root, 'docs/first-sound.md')],
);

function run(file, ...args) {
  const { status } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
