// All tests, from a clean clone: `npm test`, or only some: `npm test -- check unit native integration`.
// The last line is `tests: N passed, N failed` over all suites that ran; the exit code is 0 only if nothing failed and
// every suite ran at least one test.
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDebianPackages, ensureNodePackages, ensureNodeVersion } from './packages.mjs';
import { sideBySide } from './side-by-side.mjs';
import { sideBySideGroups, suites } from './suites.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const start = performance.now();
const elapsed = () => {
  const seconds = Math.floor((performance.now() - start) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

const groups = ['check', 'unit', 'native', 'integration'];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !groups.includes(name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(', ')}: there are ${groups.join(', ')}`);
  process.exit(2);
}
const chosen = suites().filter((suite) => asked.length === 0 || asked.includes(suite.group));

ensureNodeVersion();
ensureDebianPackages(['build', ...new Set(chosen.flatMap((suite) => suite.needs))]);
if (chosen.some((suite) => suite.group === 'integration') && process.getuid?.() !== 0) {
  console.error(
    'integration tests make network namespaces: run them as root, or choose: npm test -- check unit native',
  );
  process.exit(1);
}
ensureNodePackages();
console.log(`== build (${elapsed()})`);
const build = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--ts', '--native', '--tools'], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});

const results = [];
if (build.status !== 0)
  results.push({ name: 'build', seconds: 0, passed: 0, failed: 1, skipped: 0, failures: ['build failed'] });
else {
  for (const group of groups) {
    const tasks = chosen.filter((suite) => suite.group === group).map((suite) => () => runSuite(suite));
    results.push(...(await sideBySide(tasks, sideBySideGroups.includes(group) ? undefined : 1)));
  }
}

async function runSuite({ name, run }) {
  console.log(`== ${name} (${elapsed()})`);
  const began = performance.now();
  const counts = await run();
  if (counts.passed + counts.failed === 0) {
    counts.failed = 1;
    counts.failures.push('ran no test');
  }
  const { passed, failed, skipped } = counts;
  console.log(`== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  return { name, seconds: Math.round((performance.now() - began) / 1000), ...counts };
}

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`\nall suites in ${elapsed()}`);
for (const { name, seconds, passed, failed, skipped } of results) {
  const left = skipped > 0 ? `, ${skipped} skipped` : '';
  console.log(`  ${name}: ${passed} passed, ${failed} failed${left} (${seconds} s)`);
}
for (const { name, failures } of results) {
  for (const failure of failures) console.log(`FAILED ${name}: ${failure}`);
}
process.exitCode = sum('failed') === 0 ? 0 : 1;
console.log(`tests: ${sum('passed')} passed, ${sum('failed')} failed`);
