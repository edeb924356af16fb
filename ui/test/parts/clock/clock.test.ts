import { describe, expect, it } from 'vitest';
import type { ClockDetails, ClockSample } from '@tutti/common';
import {
  clockCurves,
  mergeHistory,
  offsetHistogram,
  spreadOf,
} from '../../../src/parts/clock/clock-history.ts';
import { nsText } from '../../../src/parts/clock/clock-words.ts';

const sample = (second: number, offsetNs?: number): ClockSample => ({
  at: new Date(second * 1000).toISOString(),
  state: 'locked',
  ...(offsetNs !== undefined && { offsetNs }),
});
const details = (...history: readonly ClockSample[]): ClockDetails => ({
  ...{ source: 'ptp', state: 'locked', mediaTime: '0', steps: 0, report: {}, events: [] },
  history,
});

describe('the clock’s past', () => {
  it('grows by what is new, and never beyond an hour', () => {
    const merged = mergeHistory(details(sample(1), sample(2)), details(sample(2), sample(3)));
    expect(merged.history.map(({ at }) => Date.parse(at) / 1000)).toEqual([1, 2, 3]);
    const hour = details(...Array.from({ length: 3600 }, (_, i) => sample(i)));
    expect(mergeHistory(hour, details(sample(3600))).history).toHaveLength(3600);
  });

  it('is drawn for the time chosen, with gaps where nothing was measured', () => {
    const curves = clockCurves([sample(1, 5), sample(100), sample(110, -7)], 60);
    expect(curves).toMatchObject({ at: [100, 110], offset: [null, -7] });
    expect(clockCurves([], 60).at).toEqual([]);
  });

  it('has its offsets counted around zero', () => {
    const { edges, counts } = offsetHistogram([-100, 0, 0, 100, null], 5);
    expect(edges).toEqual([-100, -60, -20, 20, 60, 100]);
    expect(counts).toEqual([1, null, 2, null, 1, null]);
    expect(offsetHistogram([null]).edges).toEqual([]);
    expect(spreadOf([1, null, 3])).toEqual({ mean: 2, deviation: 1 });
  });

  it('reads in the unit that fits', () => {
    expect(nsText(-1240)).toBe('−1.24 µs');
    expect(nsText(12)).toBe('12 ns');
    expect(nsText(2_500_000)).toBe('2.5 ms');
    expect(nsText(undefined)).toBe('–');
  });
});
