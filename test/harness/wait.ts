import { setTimeout as sleep } from 'node:timers/promises';
import { ip } from './namespaces.ts';
import type { Station } from './lab.ts';

export { sleep };

/** Asks again and again until the answer is neither undefined nor false; `what` completes "waited ... ms for". */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  timeoutMs = 10_000,
  everyMs = 50,
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(everyMs);
  }
}

/** Resolves when somebody at the station has joined the multicast group. */
export async function joined(at: Station, address: string): Promise<void> {
  const groups = () => ip('-n', at.namespace, 'maddress', 'show', 'dev', at.interface);
  await until(`a member of ${address}`, () => groups().split(/\s+/).includes(address));
}
