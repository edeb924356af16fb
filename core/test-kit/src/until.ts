import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits, in real time, until something holds; fails with what it was waiting for. The default is long: machines that test
 * are busy.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const end = process.hrtime.bigint() + BigInt(timeoutMs) * 1_000_000n;
  while (!(await holds())) {
    if (process.hrtime.bigint() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(5);
  }
}
