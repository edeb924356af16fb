import { arrivalBinNs, type Arrivals } from '@tutti/common';

/** The histogram as it is drawn: from left to right, by margin. */
export interface MarginHistogram {
  /** Left edge of each bar, ms; the last one is the right end. */
  readonly edges: readonly number[];
  /** Packets in each bar, per cent of all; null where there are none. The last one belongs to the right end and is null. */
  readonly shares: readonly (number | null)[];
  readonly packets: number;
  /** Per cent of all that came after their time. */
  readonly late: number;
}

/** Bins from the first to the last one with packets, at the margin that a link offset leaves them. */
export function marginHistogram({ counts }: Arrivals, linkOffsetMs: number): MarginHistogram {
  const packets = counts.reduce((sum, count) => sum + count, 0);
  const first = counts.findIndex((count) => count > 0);
  const last = counts.findLastIndex((count) => count > 0);
  if (first < 0) return { edges: [], shares: [], packets: 0, late: 0 };
  const edges: number[] = [];
  const shares: (number | null)[] = [];
  let late = 0;
  // A longer delay is a smaller margin: the last bin is the bar at the left.
  for (let bin = last; bin >= first; bin--) {
    const count = counts[bin] ?? 0;
    const left = linkOffsetMs - arrivalBinNs(bin + 1) / 1e6;
    edges.push(left);
    shares.push(count === 0 ? null : (100 * count) / packets);
    if (left < 0) late += count;
  }
  edges.push(linkOffsetMs - arrivalBinNs(first) / 1e6);
  shares.push(null);
  return { edges, shares, packets, late: (100 * late) / packets };
}

/** Counts since a moment; those of before it are taken off. A count that fell belongs to a stream that began anew. */
export function arrivalsSince({ counts }: Arrivals, start: Arrivals | undefined): Arrivals {
  const began = counts.some((count, i) => count < (start?.counts[i] ?? 0));
  return { counts: began || !start ? counts : counts.map((count, i) => count - (start.counts[i] ?? 0)) };
}
