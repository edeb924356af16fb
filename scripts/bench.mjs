// `npm run bench [-- NAME...] [--seconds N]`: builds what is measured and hands over to test/bench, which shares the tests' lab.
// `frames`, what drawing costs, is measured in ui/test/bench, and needs neither root nor native code.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDebianPackages, ensureNodePackages } from './packages.mjs';

const root = resolve(import.meta.dirname, '..');

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' } },
});
const inLab = names.filter((name) => name !== 'frames');
const wantsLab = names.length === 0 || inLab.length > 0;
const wantsFrames = names.length === 0 || names.includes('frames');

if (wantsLab && process.getuid?.() !== 0) {
  console.error('the benchmark makes network namespaces: run it as root');
  process.exit(1);
}
ensureDebianPackages([...(wantsLab ? ['build', 'bench'] : []), ...(wantsFrames ? ['unit'] : [])]);
ensureNodePackages();

run(process.execPath, join(root, 'scripts/build.mjs'), '--ts', ...(wantsLab ? ['--native', '--tools'] : []));
if (wantsLab) {
  run('make', '-s', '-C', join(root, 'extensions/aes67/native'), join(root, 'build/bench/codec_bench'));
  const seconds = values.seconds === undefined ? [] : ['--seconds', values.seconds];
  run(process.execPath, '--import', 'tsx', join(root, 'test/bench/main.ts'), ...inLab, ...seconds);
}
if (wantsFrames) run(process.execPath, '--import', 'tsx', join(root, 'ui/test/bench/frame-budget.ts'));
run(
  process.execPath,
  join(root, 'node_modules/prettier/bin/prettier.cjs'),
  ...['--log-level', 'warn', '--write', join(root, 'docs/performance.md')],
);

function run(file, ...args) {
  const { status } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
