// The test suites: how each is run and how its counts are read. Every suite gives { passed, failed, skipped, failures }.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StandstillWitness } from './standstill-witness.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const reports = join(root, 'build/test');

/**
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts
 * @typedef {{ group: string, name: string, needs: string[], run: () => Promise<Counts> }} Suite those of one group that
 *   follow each other may run side by side, if the group is in `sideBySideGroups`
 */

/** Groups whose suites take one processor each and share nothing. */
export const sideBySideGroups = ['native'];

const variants = ['plain', 'asan', 'tsan'];

/** @returns {Suite[]} in the order in which they run: cheap and telling ones first */
export function suites() {
  const nativeFolders = foldersWithNative();
  return [
    { group: 'check', name: 'check', needs: ['check'], run: check },
    { group: 'unit', name: 'unit', needs: ['unit'], run: () => vitest('unit') },
    ...variants.flatMap((variant) =>
      nativeFolders.map((folder) => ({
        group: 'native',
        name: `${folder} ${variant}`,
        needs: ['native'],
        run: () => doctest(folder, variant),
      })),
    ),
    ...nativeFolders.filter(hasFuzzers).map((folder) => ({
      group: 'native',
      name: `${folder} fuzz`,
      needs: ['native'],
      run: () => fuzz(folder),
    })),
    { group: 'integration', name: 'integration', needs: ['integration'], run: integration },
  ];
}

function foldersWithNative() {
  const extensions = readdirSync(join(root, 'extensions'))
    .map((name) => `extensions/${name}/native`)
    .filter((folder) => existsSync(join(root, folder, 'Makefile')));
  return ['native', 'hal', 'hal/coreaudio', ...extensions];
}

/** What else `make` tests, after a folder's own tests and with what was built for them. */
function furtherTests(folder, variant) {
  return folder === 'hal/coreaudio' && variant === 'plain' ? ['test-macos'] : [];
}

function hasFuzzers(folder) {
  return /^fuzz:/m.test(readFileSync(join(root, folder, 'Makefile'), 'utf8'));
}

async function check() {
  const { runChecks } = await import('./check.mjs');
  const { passed, failures } = await runChecks();
  return { passed, failed: failures.length, skipped: 0, failures };
}

/** @returns {Promise<Counts>} */
async function vitest(project) {
  return countsOf(await runVitest(project));
}

/** Every failure says for how long the machine itself stood still at most while its file ran. @returns {Promise<Counts>} */
async function integration() {
  const witness = new StandstillWitness();
  try {
    const report = await runVitest('integration');
    // One file at a time: each began when the one before it ended.
    const ends = [report.began, ...report.files.map((file) => file.endTime)].toSorted((a, b) => a - b);
    return countsOf(report, ({ endTime }) => {
      const ms = witness.longest(ends[ends.indexOf(endTime) - 1], endTime);
      return ` (a processor stood still for ${ms} ms at most while its file ran)`;
    });
  } finally {
    witness.stop();
  }
}

/**
 * @returns {Promise<{ began: number, code: number | string, files: object[] }>} as vitest's JSON report has files; none without a report
 */
async function runVitest(project) {
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const began = Date.now();
  const { code } = await run(project, process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    ...['run', '--project', project],
    // As many files at a time as there are processors, unless the project says otherwise.
    '--maxWorkers=100%',
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ]);
  const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  return { began, code, files };
}

/** @param remarkOn what is added to failures of a file. @returns {Counts} */
function countsOf({ code, files }, remarkOn = () => '') {
  if (files.length === 0) return broken(`vitest ended with ${code} and left no report`);
  const tests = files.flatMap((file) => file.assertionResults);
  // A file that cannot even be loaded has no tests to fail.
  const unloadable = files
    .filter((file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'))
    .map((file) => `${nameOf(file)}: ${firstLine(file.message)}${remarkOn(file)}`);
  const failed = files.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(
        ({ fullName, failureMessages }) =>
          `${fullName}: ${firstLine(failureMessages[0] ?? '')}${remarkOn(file)}`,
      ),
  );
  const failures = [...failed, ...unloadable];
  if (code !== 0 && failures.length === 0) failures.push(`vitest ended with ${code}`);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return { passed, failed: failures.length, skipped: tests.length - passed - failed.length, failures };
}

/** A file of a report, as seen from the repository. */
function nameOf(file) {
  return file.name.slice(root.length + 1);
}

/** `make test` of a native folder; any number of doctest programs, each with a summary of its own. @returns {Promise<Counts>} */
async function doctest(folder, variant) {
  const name = `${folder.replaceAll('/', '-')}-${variant}`;
  const targets = ['test', ...furtherTests(folder, variant)];
  const args = ['-C', folder, '--no-print-directory', '-s', ...targets, `VARIANT=${variant}`];
  // One processor each: others run beside it, and what two of them say at once nobody can read.
  const { code, output } = await run(name, 'make', args, { later: true });
  const counts = { passed: 0, failed: 0, skipped: 0, failures: failedCases(output) };
  const summary =
    /\[doctest\] test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed\s*\|\s*(\d+) skipped/g;
  for (const [, passed, failed, skipped] of output.matchAll(summary)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(skipped);
  }
  if (code !== 0 && counts.failed === 0) {
    counts.failed = 1;
    counts.failures.push(`make ended with ${code}: ${firstLine(output.trimEnd().split('\n').at(-1) ?? '')}`);
  }
  return counts;
}

/** `make fuzz` of a native folder: each libFuzzer program that comes to its end counts as one test. @returns {Promise<Counts>} */
async function fuzz(folder) {
  const { code, output } = await run(`${folder.replaceAll('/', '-')}-fuzz`, 'make', [
    ...['-C', folder, '--no-print-directory', '-s', 'fuzz'],
  ]);
  const passed = [...output.matchAll(/^Done \d+ runs/gm)].length;
  const failures = code === 0 ? [] : [`make fuzz ended with ${code}`];
  return { passed, failed: failures.length, skipped: 0, failures };
}

function failedCases(output) {
  const failures = new Set();
  let current = '';
  for (const line of output.split('\n')) {
    current = /^TEST CASE:\s*(.*)$/.exec(line)?.[1] ?? current;
    if (/(?:^|: )(?:FATAL )?ERROR:/.test(line)) failures.add(current || line.trim());
  }
  return [...failures];
}

/** Runs a program, shows what it says, at once or when it has ended, and keeps it in build/test/NAME.log. */
async function run(name, file, args, { later = false } = {}) {
  mkdirSync(reports, { recursive: true });
  const log = createWriteStream(join(reports, `${name}.log`));
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      log.write(text);
      if (!later) process.stdout.write(text);
    });
  }
  const code = await new Promise((resolveExit) => {
    child.once('error', (error) => {
      output += String(error);
      resolveExit(127);
    });
    child.once('close', (exit, signal) => resolveExit(exit ?? signal));
  });
  log.end();
  if (later) process.stdout.write(output);
  return { code, output: stripColours(output) };
}

/** @returns {Counts} */
function broken(why) {
  return { passed: 0, failed: 1, skipped: 0, failures: [why] };
}

function firstLine(text) {
  return stripColours(text).trim().split('\n')[0] ?? '';
}

function stripColours(text) {
  const escape = String.fromCharCode(27);
  return text.replaceAll(new RegExp(`${escape}\\[[0-9;]*m`, 'g'), '');
}
