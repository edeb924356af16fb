import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; fails with what it was waiting for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await holds()); await sleep(10)) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for: ${what}`);
  }
}
