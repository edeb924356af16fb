import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a process is gone. False if it still is there after `timeoutMs`. */
export async function processEnded(pid: number, timeoutMs: number): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; isAlive(pid); await sleep(10)) {
    if (Date.now() > end) return false;
  }
  return true;
}

/** Whether a process of this user has the id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Without permission it is somebody else's by now.
    return (
      (error as NodeJS.ErrnoException).code !== 'ESRCH' && (error as NodeJS.ErrnoException).code !== 'EPERM'
    );
  }
}
