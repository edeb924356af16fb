import { readFileSync, writeFileSync } from 'node:fs';

/** Memory that a process has resident, in bytes, as the kernel counts it. Undefined without /proc (macOS), or once it is gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Lets the kernel end this process before any other if memory runs out (Linux; nothing elsewhere): see proc(5), oom_score_adj. */
export function endFirstWithoutMemory(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // No /proc, or it has ended already: the kernel chooses by itself.
  }
}
