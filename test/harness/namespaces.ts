import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * Network namespaces of tests. Their names carry the process that made them and when it started, so that a later run can tell
 * what a crashed one left behind.
 */
const prefix = 'tuttitest';
const mine = new Set<string>();
let count = 0;

/** Runs `ip`; fails with what it said. */
export function ip(...args: string[]): string {
  const run = spawnSync('ip', args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`ip ${args.join(' ')}: ${run.stderr || String(run.error)}`);
  return run.stdout;
}

/** Makes `labels.length` namespaces with loopback up. */
export function makeNamespaces(labels: readonly string[]): string[] {
  sweepOnExit();
  const id = `${process.pid}-${startOf(process.pid)}-${++count}`;
  return labels.map((label) => {
    const name = `${prefix}-${id}-${label}`;
    ip('netns', 'add', name);
    mine.add(name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
    return name;
  });
}

/** Ends every process inside and removes the namespace, and with it its interfaces. */
export function removeNamespace(name: string): void {
  mine.delete(name);
  for (const pid of processesIn(name)) kill(pid);
  spawnSync('ip', ['netns', 'del', name]);
}

/** Removes what a crashed run left: namespaces whose maker is not alive any more. */
export function removeLeftovers(): string[] {
  const left = listNamespaces().filter((name) => {
    const [, pid = '', start = ''] = name.split('-');
    return startOf(Number(pid)) !== start;
  });
  left.forEach(removeNamespace);
  return left;
}

export function processesIn(name: string): number[] {
  const run = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
  return run.stdout.split('\n').filter(Boolean).map(Number);
}

function listNamespaces(): string[] {
  try {
    return readdirSync('/run/netns').filter((name) => name.startsWith(`${prefix}-`));
  } catch {
    return []; // no namespace was ever made on this machine
  }
}

/** Start time of a process in clock ticks since boot (proc(5), field 22), or undefined if there is none. */
function startOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

let sweeping = false;
function sweepOnExit(): void {
  if (sweeping) return;
  sweeping = true;
  process.once('exit', () => [...mine].forEach(removeNamespace));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(1));
  }
}
