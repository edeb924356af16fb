import { localize } from '../../localize/localize.ts';
import type { Counters, ReceiverInfo } from '@tutti/common';
import { counter, faultCount, type FaultColumn } from '../../widgets/counters.ts';

/** What can go wrong with packets, in the order in which one looks. Zero is good for all of them. */
export const faultColumns: readonly FaultColumn[] = [
  {
    id: 'lost',
    title: localize('counter.lost', 'Lost'),
    meaning: localize('counter.lost.meaning', 'Packets that never came'),
    of: ['lost'],
  },
  {
    id: 'late',
    title: localize('counter.late', 'Late'),
    meaning: localize('counter.late.meaning', 'Packets that came after their playout time'),
    of: ['late'],
  },
  {
    id: 'missing',
    title: localize('counter.missing', 'Missing'),
    meaning: localize(
      'counter.missing.meaning',
      'Samples that had not come when they were resampled: heard as silence',
    ),
    of: ['missingFrames'],
  },
  {
    id: 'early',
    title: localize('counter.early', 'Early'),
    meaning: localize('counter.early.meaning', 'Packets too far ahead of their time to be kept'),
    of: ['early'],
  },
  {
    id: 'duplicate',
    title: localize('counter.duplicate', 'Dup.'),
    meaning: localize('counter.duplicate.meaning', 'Duplicate: packets that came twice'),
    of: ['duplicate'],
    harmless: true,
  },
  {
    id: 'reordered',
    title: localize('counter.reordered', 'Reord.'),
    meaning: localize('counter.reordered.meaning', 'Reordered: packets that overtook each other'),
    of: ['reordered'],
    harmless: true,
  },
  {
    id: 'malformed',
    title: localize('counter.malformed', 'Malf.'),
    meaning: localize('counter.malformed.meaning', 'Malformed: packets that are no valid RTP'),
    of: ['malformed'],
  },
  {
    id: 'refused',
    title: localize('counter.refused', 'Refused'),
    meaning: localize(
      'counter.refused.meaning',
      'Packets of another payload type, source or SSRC than the session’s',
    ),
    of: ['wrongPayloadType', 'wrongSource', 'ssrcConflicts'],
  },
];

const always: readonly string[] = ['lost', 'late', 'missing'];

/** Columns of the table: those that one always looks at, and what somebody has; all of them are in the list of counters. */
export function shownFaults(receivers: readonly Pick<ReceiverInfo, 'counters'>[]): readonly FaultColumn[] {
  return faultColumns.filter(
    (column) =>
      always.includes(column.id) ||
      (column.harmless !== true && receivers.some(({ counters }) => (faultCount(counters, column) ?? 0) > 0)),
  );
}

/** Least time between a packet's arrival and its playout in the last second, ms; undefined before the first packet. */
export function arrivalMarginMs(counters: Counters): number | undefined {
  const ns = counters['marginMinNs'];
  return ns === undefined || counter(counters, 'packets') === 0 ? undefined : ns / 1e6;
}

/** How a receiver follows its stream's clock; for a resampled one, by how much that clock is faster than ours. */
export function timingText({ timing, counters }: Pick<ReceiverInfo, 'timing' | 'counters'>): string {
  if (timing === 'shared') return localize('timing.sharedShort', 'shared clock');
  if (timing === 'arrival') return localize('timing.arrivalShort', 'by arrival');
  if (counter(counters, 'anchored') === 0) return localize('timing.resampled', 'resampled');
  const ppm = counter(counters, 'senderPpb') / 1000;
  return localize(
    'timing.resampledBy',
    'resampled, {0} ppm',
    `${ppm < 0 ? '−' : '+'}${Math.abs(ppm).toFixed(1)}`,
  );
}
