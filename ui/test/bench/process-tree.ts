import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports CPU times in these (sysconf(_SC_CLK_TCK), proc(5)). */
const ticksPerSecond = 100;

/** CPU seconds so far, user and system, of every descendant of this process that is Chromium. */
export function chromiumCpuSeconds(): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)));
  const ours = new Set([process.pid]);
  // A child may stand before its parent in the list: go through it until nobody is added.
  for (let before = 0; before !== ours.size;) {
    before = ours.size;
    for (const { pid, parent } of stats) if (ours.has(parent)) ours.add(pid);
  }
  return stats
    .filter(({ pid, name }) => ours.has(pid) && name.startsWith('chrom'))
    .reduce((sum, { ticks }) => sum + ticks / ticksPerSecond, 0);
}

function readStat(pid: number): { pid: number; parent: number; name: string; ticks: number }[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parent: Number(fields[1]), name, ticks: Number(fields[11]) + Number(fields[12]) }];
  } catch {
    return []; // it ended while the list was read
  }
}
