// `npm run soak [-- NAME... --seconds N]`: builds what is measured and hands over to test/soak, which shares the tests' lab.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureDebianPackages, ensureNodePackages } from './packages.mjs';

const root = resolve(import.meta.dirname, '..');

if (process.getuid?.() !== 0) {
  console.error('the soaks make network namespaces: run them as root');
  process.exit(1);
}
ensureDebianPackages(['build', 'soak']);
ensureNodePackages();

run(join(root, 'scripts/build.mjs'), '--ts', '--native', '--tools');
const { status } = node('--import', 'tsx', join(root, 'test/soak/main.ts'), ...process.argv.slice(2));
run(
  join(root, 'node_modules/prettier/bin/prettier.cjs'),
  '--log-level',
  'warn',
  '--write',
  join(root, 'docs'),
);
process.exitCode = status ?? 1;

function run(...args) {
  const { status } = node(...args);
  if (status !== 0) process.exit(status ?? 1);
}

function node(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}
