/**
 * When the packets of a receiver came: answer of `GET /receivers/:id/arrivals`. A delay is the time from a packet's timestamp to
 * its arrival; it does not depend on the link offset, and the margin is the link offset minus the delay.
 */
export interface Arrivals {
  /** Packets in each bin since the receiver was put in force; bin `i` begins at {@link arrivalBinNs}. Empty: not in force. */
  readonly counts: readonly number[];
}

// As native/src/arrival_bins.hpp has them: sixteen bins an octave from 2^14 ns to 2^29 ns.
const firstOctave = 14;
const octaves = 15;
const perOctave = 16;
export const arrivalBins = octaves * perOctave + 2;

/** Where a bin begins, ns: bin 0 is all that came sooner than bin 1 begins, the last one has no end. */
export function arrivalBinNs(bin: number): number {
  if (bin <= 0) return 0;
  const index = Math.min(bin, arrivalBins) - 1;
  return 2 ** (firstOctave + Math.floor(index / perOctave)) * (1 + (index % perOctave) / perOctave);
}

/** The delay, ns, within which a share of the packets came: the upper edge of the bin it falls in. Undefined without packets. */
export function arrivalQuantileNs({ counts }: Arrivals, share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    below += count;
    if (below >= share * total && count > 0) return arrivalBinNs(bin + 1);
  }
  return undefined;
}

/** Packets that must have been counted before a link offset is drawn from them: enough for their 99.9 % to mean something. */
export const enoughArrivals = 5000;
/** Packets that come later than this share of all may be lost to a shorter link offset. */
const covered = 0.999;
/** Reserve on top, ms and as a share of what was measured: networks have worse days. */
const leastReserveMs = 0.25;
const reserveShare = 0.25;
/** Link offsets are given in steps of this, ms. */
const stepMs = 0.1;

/** The longest link offset, ms: the ring holds more than half a second; beyond this a stream could not be placed any more. */
export const maxLinkOffsetMs = 500;

/** The link offset that what was measured asks for, ms, be it more than there is; undefined while too few packets were counted. */
export function measuredLinkOffsetMs(arrivals: Arrivals): number | undefined {
  const total = arrivals.counts.reduce((sum, count) => sum + count, 0);
  const ns = total < enoughArrivals ? undefined : arrivalQuantileNs(arrivals, covered);
  if (ns === undefined) return undefined;
  const ms = ns / 1e6;
  const wanted = ms + Math.max(leastReserveMs, ms * reserveShare);
  return Number((Math.ceil(wanted / stepMs) * stepMs).toFixed(1));
}
