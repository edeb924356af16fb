// `npm run bench [-- --seconds N]`: builds what is measured and hands over to test/bench, which shares the tests' lab.
// `--frames` measures only what drawing costs, and needs neither root nor native code.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureDebianPackages, ensureNodePackages } from './packages.mjs';

const root = resolve(import.meta.dirname, '..');

const options = process.argv.slice(2);
const framesOnly = options.includes('--frames');

if (!framesOnly && process.getuid?.() !== 0) {
  console.error('the benchmark makes network namespaces: run it as root');
  process.exit(1);
}
ensureDebianPackages(framesOnly ? ['unit'] : ['build', 'bench', 'unit']);
ensureNodePackages();

run(
  process.execPath,
  join(root, 'scripts/build.mjs'),
  '--ts',
  ...(framesOnly ? [] : ['--native', '--tools']),
);
if (!framesOnly) {
  run('make', '-s', '-C', join(root, 'extensions/aes67/native'), join(root, 'build/bench/codec_bench'));
  run(process.execPath, '--import', 'tsx', join(root, 'test/bench/main.ts'), ...options);
}
run(process.execPath, '--import', 'tsx', join(root, 'ui/test/bench/frame-budget.ts'));
run(
  process.execPath,
  join(root, 'node_modules/prettier/bin/prettier.cjs'),
  ...['--log-level', 'warn', '--write', join(root, 'docs/performance.md')],
);

function run(file, ...args) {
  const { status } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
