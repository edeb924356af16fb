import { describe, expect, it } from 'vitest';
import { arrivalBins } from '@tutti/common';
import { arrivalsSince, marginHistogram } from '../../../src/parts/statistics/margin-histogram.ts';
import { streamSample } from '../../../src/parts/statistics/stream-history.ts';
import { csvText } from '../../../src/widgets/csv.ts';
import { safeName } from '../../../src/widgets/save-file.ts';

const counts = (bins: Readonly<Record<number, number>>): { counts: number[] } => ({
  counts: Array.from({ length: arrivalBins }, (_, bin) => bins[bin] ?? 0),
});

describe('the margin histogram', () => {
  it('runs from the least margin to the most, with what came too late left of zero', () => {
    // Bin 113 begins at 2.097 ms, bin 97 at 1.049 ms.
    const { edges, shares, packets, late } = marginHistogram(counts({ 97: 99, 113: 1 }), 2);
    expect(packets).toBe(100);
    expect(late).toBe(1);
    expect(edges[0]).toBeLessThan(0);
    expect(edges.at(-1)).toBeCloseTo(2 - 1.048576, 6);
    expect(shares[0]).toBe(1);
    expect(shares.at(-2)).toBe(99);
    expect(shares.at(-1)).toBeNull();
    for (let i = 1; i < edges.length; i++) expect(edges[i]).toBeGreaterThan(edges[i - 1] ?? 0);
  });

  it('is empty without packets', () => {
    expect(marginHistogram(counts({}), 3)).toEqual({ edges: [], shares: [], packets: 0, late: 0 });
  });

  it('counts anew from a moment on, and from zero when the stream did', () => {
    expect(arrivalsSince(counts({ 97: 150 }), counts({ 97: 100 })).counts[97]).toBe(50);
    expect(arrivalsSince(counts({ 97: 30 }), counts({ 97: 100 })).counts[97]).toBe(30);
  });
});

describe('a second of a receiver', () => {
  const before = { packets: 1000, lost: 2, late: 0, marginMinNs: 1e6, marginMaxNs: 2e6 };
  it('is the rise of its counters', () => {
    const counters = { ...before, packets: 2000, lost: 5, marginMinNs: 1.5e6, marginMaxNs: 2.5e6 };
    expect(streamSample({ counters, timing: 'shared' }, before, 7)).toEqual({
      ...{ at: 7, packets: 1000, lost: 3, late: 0, marginMin: 1.5, marginMax: 2.5, buffered: 2 },
    });
  });
  it('has no margin when nothing came, and no negative rise when it began anew', () => {
    expect(streamSample({ counters: before, timing: 'shared' }, before, 7)).not.toHaveProperty('marginMin');
    expect(streamSample({ counters: { packets: 10 }, timing: 'shared' }, before, 7).packets).toBe(10);
  });
});

describe('files', () => {
  it('are tables that no spreadsheet runs', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          [1, '=1+2'],
          [null, 'x "y", z'],
        ],
      ),
    ).toBe('a,b\r\n1,\'=1+2\r\n,"x ""y"", z"\r\n');
  });
  it('have names that are only names', () => {
    expect(safeName('../../etc/passwd')).toBe('etc passwd');
    expect(safeName('\u202eStage <1>')).toBe('Stage 1');
    expect(safeName('///')).toBe('tutti');
  });
});
