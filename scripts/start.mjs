// For a clean clone: installs what is missing, builds, and runs Tutti in the foreground. Arguments go to `tutti serve`.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodePackages, ensureNodeVersion } from './packages.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function stopWith(message) {
  console.error(message);
  process.exit(1);
}

function run(command, args, failure) {
  // What the steps print goes to standard error: standard output has the one line "ready URL".
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['inherit', 2, 2] });
  if (error || status !== 0) stopWith(`${failure}${error ? ` (${error.message})` : ''}`);
}

ensureNodeVersion();
ensureNodePackages();
run(process.execPath, ['scripts/build.mjs'], 'the build failed: see above');

const host = spawn(process.execPath, [join(root, 'dist/cli.js'), 'serve', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// A terminal's Ctrl-C reaches the host by itself; what is sent to this process alone is passed on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => host.kill('SIGTERM'));
process.on('SIGHUP', () => host.kill('SIGHUP'));
host.on('exit', (code) => process.exit(code ?? 1));
