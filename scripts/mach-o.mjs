// What is in a Mach-O file, by Debian's llvm-19: for the checks of what a Mac would load.
import { spawnSync } from 'node:child_process';

/** What one of LLVM's tools says, e.g. `llvm('lipo', '-archs', file)`. */
export function llvm(tool, ...args) {
  const run = spawnSync(`/usr/lib/llvm-19/bin/llvm-${tool}`, args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`llvm-${tool}: ${run.error?.message ?? run.stderr}`);
  return run.stdout.trim();
}

/** What `nm` lists, a line each, of the part of a file for one architecture. */
export function symbols(file, architecture, ...options) {
  return llvm('nm', ...options, `--arch=${architecture}`, file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.endsWith(':'));
}

/** Names that a file offers to others. */
export function exported(file, architecture) {
  return symbols(file, architecture, '--format=just-symbols', '--defined-only', '--extern-only');
}

/** Load commands in words. */
export function headers(file, architecture) {
  return llvm('objdump', '--macho', '--private-headers', `--arch=${architecture}`, file);
}
