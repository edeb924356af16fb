// `npm run bench [-- NAME...] [--seconds N]`: builds what is measured and hands over to test/bench, which shares the tests' lab.
// `frames`, `first-paint` and `scrolling`, what drawing costs, how soon there is a picture and whether lists stop, are measured in
// ui/test/bench, and need neither root nor native code.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDebianPackages, ensureNodePackages } from './packages.mjs';

const root = resolve(import.meta.dirname, '..');

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' } },
});
const inPage = {
  frames: 'ui/test/bench/frame-budget.ts',
  'first-paint': 'ui/test/bench/first-paint.ts',
  scrolling: 'ui/test/bench/scrolling.ts',
};
const inLab = names.filter((name) => !(name in inPage));
const wantsLab = names.length === 0 || inLab.length > 0;
const ofPage = Object.keys(inPage).filter((name) => names.length === 0 || names.includes(name));
const wantsChromium = ofPage.length > 0 || names.includes('first-sound');

if (wantsLab && process.getuid?.() !== 0) {
  console.error('the benchmark makes network namespaces: run it as root');
  process.exit(1);
}
ensureDebianPackages([...(wantsLab ? ['build', 'bench'] : []), ...(wantsChromium ? ['unit'] : [])]);
ensureNodePackages();

run(process.execPath, join(root, 'scripts/build.mjs'), '--ts', ...(wantsLab ? ['--native', '--tools'] : []));
if (wantsLab) {
  run('make', '-s', '-C', join(root, 'extensions/aes67/native'), join(root, 'build/bench/codec_bench'));
  const seconds = values.seconds === undefined ? [] : ['--seconds', values.seconds];
  run(process.execPath, '--import', 'tsx', join(root, 'test/bench/main.ts'), ...inLab, ...seconds);
}
for (const name of ofPage) run(process.execPath, '--import', 'tsx', join(root, inPage[name]));
run(
  process.execPath,
  join(root, 'node_modules/prettier/bin/prettier.cjs'),
  ...['--log-level', 'warn', '--write', join(root, 'docs/performance.md'), join(root, 'docs/first-sound.md')],
);

function run(file, ...args) {
  const { status } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
