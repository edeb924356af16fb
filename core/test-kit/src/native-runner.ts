import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sources = join(import.meta.dirname, '../native');
let built: Promise<string> | undefined;

/**
 * The program that runs native libraries for the conformance suites, compiled with the machine's C++ compiler (`CXX`, or
 * c++) when it is needed first, and kept in the user's cache folder.
 *
 * @throws Error with what the compiler said.
 */
export function nativeRunner(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const names = readdirSync(sources).filter((name) => /\.[ch]pp$/.test(name));
  const compiler = process.env['CXX'] ?? 'c++';
  const include = includeFolder();
  const headers = readdirSync(join(include, 'tutti')).map((name) => join(include, 'tutti', name));
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${compiler}`);
  for (const path of [...names.map((name) => join(sources, name)), ...headers].sort()) {
    hash.update(readFileSync(path));
  }
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tutti-test');
  const program = join(folder, `conformance-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = `${program}-${process.pid}`; // another test process may be building it, too
  const files = names.filter((name) => name.endsWith('.cpp')).map((name) => join(sources, name));
  const flags = ['-std=c++20', '-pthread', '-rdynamic', `-I${include}`];
  try {
    await run(compiler, [...flags, '-o', fresh, ...files, '-ldl']);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`the native half of the conformance suites cannot be compiled with ${compiler}: ${said}`);
  }
  renameSync(fresh, program);
  return program;
}

/** Folder of the C headers: in the package @tutti/api, or in the repository. */
function includeFolder(): string {
  const inRepository = join(sources, '../../../native/include');
  if (existsSync(inRepository)) return inRepository;
  const header = createRequire(import.meta.url).resolve('@tutti/api/include/tutti/plugin.h');
  return join(dirname(header), '..');
}
