import { readFileSync } from 'node:fs';
import { sleep } from '../harness/wait.ts';

/** Linux reports CPU times in these, whatever the kernel's own tick (sysconf(_SC_CLK_TCK), proc(5)). */
const ticksPerSecond = 100;

/** CPU seconds of a process so far, user and system, over all its threads (proc(5), fields 14 and 15). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Share of one core that a process uses during so many seconds; 1 is a whole core. */
export async function processLoad(pid: number, seconds: number): Promise<number> {
  const [cpu, time] = [cpuSeconds(pid), performance.now()];
  await sleep(seconds * 1000);
  return (cpuSeconds(pid) - cpu) / ((performance.now() - time) / 1000);
}
