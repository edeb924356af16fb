import type { Counters, ReceiverInfo } from '@tutti/common';
import { counter, type FaultColumn } from '../../widgets/counters.ts';

/** What can go wrong with packets, in the order in which one looks. Zero is good for all of them. */
export const faultColumns: readonly FaultColumn[] = [
  { id: 'lost', title: 'Lost', meaning: 'Packets that never came', of: ['lost'] },
  { id: 'late', title: 'Late', meaning: 'Packets that came after their playout time', of: ['late'] },
  {
    id: 'missing',
    title: 'Missing',
    meaning: 'Samples that had not come when they were resampled: heard as silence',
    of: ['missingFrames'],
  },
  { id: 'early', title: 'Early', meaning: 'Packets too far ahead of their time to be kept', of: ['early'] },
  {
    id: 'duplicate',
    title: 'Dup.',
    meaning: 'Duplicate: packets that came twice',
    of: ['duplicate'],
    harmless: true,
  },
  {
    id: 'reordered',
    title: 'Reord.',
    meaning: 'Reordered: packets that overtook each other',
    of: ['reordered'],
    harmless: true,
  },
  { id: 'malformed', title: 'Malf.', meaning: 'Malformed: packets that are no valid RTP', of: ['malformed'] },
  {
    id: 'refused',
    title: 'Refused',
    meaning: 'Packets of another payload type, source or SSRC than the session’s',
    of: ['wrongPayloadType', 'wrongSource', 'ssrcConflicts'],
  },
];

/** Least time between a packet's arrival and its playout in the last second, ms; undefined before the first packet. */
export function arrivalMarginMs(counters: Counters): number | undefined {
  const ns = counters['marginMinNs'];
  return ns === undefined || counter(counters, 'packets') === 0 ? undefined : ns / 1e6;
}

/** How a receiver follows its stream's clock; for a resampled one, by how much that clock is faster than ours. */
export function timingText({ timing, counters }: Pick<ReceiverInfo, 'timing' | 'counters'>): string {
  if (timing === 'shared') return 'shared clock';
  if (timing === 'arrival') return 'by arrival';
  if (counter(counters, 'anchored') === 0) return 'resampled';
  const ppm = counter(counters, 'senderPpb') / 1000;
  return `resampled, ${ppm < 0 ? '−' : '+'}${Math.abs(ppm).toFixed(1)} ppm`;
}
