import { prefixOf, type DanteDevice } from '../devices/device.ts';
import type { ReceivingSide } from './check-sender.ts';

/**
 * What the devices that are there take.
 * @param fallback prefix where no device has told its own
 */
export function receivingSide(devices: readonly DanteDevice[], fallback: string): ReceivingSide {
  const prefixes = new Map<string, string[]>();
  for (const device of devices) {
    const prefix = device.state === 'present' ? prefixOf(device) : undefined;
    if (prefix !== undefined) prefixes.set(prefix, [...(prefixes.get(prefix) ?? []), device.name]);
  }
  return { prefixes: prefixes.size > 0 ? prefixes : new Map([[fallback, []]]) };
}

/** The prefix that most devices have. */
export function commonPrefix({ prefixes }: ReceivingSide, fallback: string): string {
  const byCount = [...prefixes].sort(([, a], [, b]) => b.length - a.length);
  return byCount[0]?.[0] ?? fallback;
}
