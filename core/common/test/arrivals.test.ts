import { describe, expect, it } from 'vitest';
import { arrivalBinNs, arrivalBins, arrivalQuantileNs, measuredLinkOffsetMs } from '../src/arrivals.ts';

/** The bin of a delay, found by its edges. */
const binOf = (ns: number): number => {
  for (let bin = arrivalBins - 1; bin > 0; bin--) if (arrivalBinNs(bin) <= ns) return bin;
  return 0;
};

const arrivals = (...groups: readonly (readonly [ns: number, count: number])[]): { counts: number[] } => {
  const counts = new Array<number>(arrivalBins).fill(0);
  for (const [ns, count] of groups) counts[binOf(ns)] = (counts[binOf(ns)] ?? 0) + count;
  return { counts };
};

describe('the histogram of arrivals', () => {
  it('has edges a sixteenth of an octave apart, from 16 µs to half a second', () => {
    expect(arrivalBinNs(0)).toBe(0);
    expect(arrivalBinNs(1)).toBe(16_384);
    expect(arrivalBinNs(2)).toBe(17_408);
    expect(arrivalBinNs(17)).toBe(32_768);
    expect(arrivalBinNs(arrivalBins - 1)).toBe(2 ** 29);
  });

  it('gives the delay within which a share of the packets came', () => {
    const some = arrivals([1_100_000, 990], [2_500_000, 10]);
    expect(arrivalQuantileNs(some, 0.5)).toBe(arrivalBinNs(binOf(1_100_000) + 1));
    expect(arrivalQuantileNs(some, 0.995)).toBe(arrivalBinNs(binOf(2_500_000) + 1));
    expect(arrivalQuantileNs({ counts: [] }, 0.5)).toBeUndefined();
  });

  it('asks for a link offset that holds 99.9 % of the packets and a reserve, in tenths of a millisecond', () => {
    expect(measuredLinkOffsetMs(arrivals([1_100_000, 100_000]))).toBe(1.4);
    expect(measuredLinkOffsetMs(arrivals([1_100_000, 99_000], [8_000_000, 1000]))).toBe(10.2);
    expect(measuredLinkOffsetMs(arrivals([1_100_000, 99_999], [200_000_000, 1]))).toBe(1.4);
  });

  it('asks for nothing before enough packets came', () => {
    expect(measuredLinkOffsetMs(arrivals([1_100_000, 100]))).toBeUndefined();
  });
});
