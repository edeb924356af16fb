// Everything that is checked without running the product: `npm run check`; `npm run format` (--fix) mends what can be
// mended. One clear line for each check; the last lines say what failed.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkApiReport } from './api-types.mjs';
import { sideBySide } from './side-by-side.mjs';

const root = resolve(import.meta.dirname, '..');

const checks = [
  { name: 'public declarations (core/api/api-report.md)', run: checkApiReport },
  {
    name: 'format of TypeScript and Markdown (prettier)',
    run: (fix) => tool('prettier', fix ? '--write' : '--check', '--log-level', 'warn', '.'),
  },
  { name: 'lint and layers (eslint)', run: (fix) => tool('eslint', ...(fix ? ['--fix'] : []), '.') },
  { name: 'types (tsc)', run: () => tool('tsc', '-b') },
  {
    name: 'no import cycles (dependency-cruiser)',
    run: () => tool('depcruise', '--config', '.dependency-cruiser.cjs', 'core', 'extensions', 'ui', 'test'),
  },
  { name: 'format of C and C++ (clang-format-14)', run: clangFormat },
  { name: 'native includes', run: nativeIncludes },
  { name: 'shell scripts (shellcheck)', run: shellScripts },
];

/**
 * Runs all checks and prints a line for each.
 * @returns {Promise<{ passed: number, failures: string[] }>}
 */
export async function runChecks({ fix = false } = {}) {
  const failures = [];
  const look = async ({ name, run }) => {
    const start = performance.now();
    const problem = await run(fix);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${problem === '' ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`);
    if (problem !== '') {
      const lines = problem.split('\n');
      for (const line of lines.slice(0, 60)) console.log(`        ${line}`);
      if (lines.length > 60) console.log(`        and ${lines.length - 60} lines more`);
      failures.push(name);
    }
  };
  // What mends, mends one after the other: two of them write the same files.
  await sideBySide(
    checks.map((check) => () => look(check)),
    fix ? 1 : undefined,
  );
  return { passed: checks.length - failures.length, failures };
}

/** Runs a program of node_modules; resolves to '' if it is content, otherwise to what it said. */
function tool(name, ...args) {
  return command(process.execPath, [binOf(name), ...args]);
}

function binOf(name) {
  const folder = { tsc: 'typescript', depcruise: 'dependency-cruiser' }[name] ?? name;
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', folder, 'package.json'), 'utf8'));
  return join(root, 'node_modules', folder, typeof bin === 'string' ? bin : bin[name]);
}

function command(file, args) {
  return new Promise((resolveText) => {
    execFile(file, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolveText(error === null ? '' : `${stdout}${stderr}`.trim() || error.message);
    });
  });
}

async function clangFormat(fix) {
  const files = tracked(/\.(c|cc|cpp|h|hpp|mm)$/);
  if (files.length === 0) return '';
  const said = await command('clang-format-14', [...(fix ? ['-i'] : ['--dry-run', '-Werror']), ...files]);
  const places = said.split('\n').filter((line) => line.includes('error: code should be'));
  return places.length > 0 ? places.join('\n') : said;
}

/** Installers and measurements: nobody sees them fail before they run on another machine. */
function shellScripts() {
  const isScript = (file) => /^#!.*sh\b/.test(readFileSync(join(root, file), 'utf8'));
  return command('shellcheck', tracked(/(^|\/)[^/.]+$|\.sh$/).filter(isScript));
}

/** ARCHITECTURE.md: the engine does not know Node; only Core Audio and files named for macOS know Apple. */
function nativeIncludes() {
  const apple =
    /#\s*(?:include|import)\s*[<"](?:CoreAudio|CoreFoundation|AudioToolbox|Foundation|mach|xpc|dispatch|IOKit|os\/|libkern|TargetConditionals)/;
  const rules = [
    {
      applies: (file) => file.startsWith('native/src/'),
      pattern: /#\s*include\s*[<"](?:napi\.h|node_api\.h|node\.h|v8|uv\.h)/,
      message: 'native/src must not know Node; glue belongs in native/binding',
    },
    {
      applies: (file) =>
        !file.startsWith('hal/coreaudio/') && !/^packaging\/macos\/|_(macos|darwin|apple)\.[^/]+$/.test(file),
      pattern: apple,
      message: 'Apple headers belong in hal/coreaudio or in files named *_macos.*',
    },
  ];
  return tracked(/\.(c|cc|cpp|h|hpp|mm)$/)
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          rules
            .filter((rule) => rule.applies(file) && rule.pattern.test(line))
            .map((rule) => `${file}:${index + 1}: ${rule.message}: ${line.trim()}`),
        ),
    )
    .join('\n');
}

/** Files of the repository, new ones that are not ignored included. */
function tracked(pattern) {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const list = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return list.stdout.split('\n').filter((file) => pattern.test(file) && existsSync(join(root, file)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { failures } = await runChecks({ fix: process.argv.includes('--fix') });
  if (failures.length > 0) {
    console.log(`failed: ${failures.join(', ')}`);
    process.exitCode = 1;
  }
}
