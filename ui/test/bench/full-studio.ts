import type { HostState } from '@tutti/common';
import { receiver, sampleState, sender } from '../stand-in/sample-state.ts';

/** A device that is full: 16 streams of 8 channels in and out, patched 1:1, all of them with signal. */
export function fullStudio(): Pick<HostState, 'sessions' | 'receivers' | 'senders'> {
  const places = Array.from({ length: 16 }, (_, i) => i);
  return {
    sessions: sampleState('').sessions.slice(0, 0),
    receivers: places.map((i) =>
      receiver(`r${i}`, `Stage rack ${i + 1}`, undefined, 8, 1 + 8 * i, [`239.69.1.${i + 1}`]),
    ),
    senders: places.map((i) => sender(`s${i}`, `Send ${i + 1}`, 8, 1 + 8 * i, `239.69.2.${i + 1}`)),
  };
}
