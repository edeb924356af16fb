import { describe, expect, it } from 'vitest';
import { heightOf, marksDb, toDb } from '../../../src/parts/meters/scale.ts';
import { channelAt, meterGeometry } from '../../../src/parts/meters/meter-geometry.ts';

describe('the scale of a meter', () => {
  it('gives its upper half to the upper 20 dB', () => {
    expect(heightOf(0)).toBe(1);
    expect(heightOf(-20)).toBeCloseTo(0.5);
    expect(heightOf(-70)).toBe(0);
  });

  it('rises with the level and stays within the meter', () => {
    const heights = Array.from({ length: 400 }, (_, i) => heightOf(-100 + i / 3));
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(Math.max(...heights)).toBe(1);
    expect(heightOf(-Infinity)).toBe(0);
    expect(heightOf(Number.NaN)).toBe(0);
  });

  it('has its marks inside', () => {
    for (const db of marksDb) expect(heightOf(db)).toBeGreaterThan(0);
  });

  it('turns silence and nonsense into nothing', () => {
    expect(toDb(1)).toBe(0);
    expect(toDb(0)).toBe(-Infinity);
    expect(toDb(-1)).toBe(-Infinity);
    expect(toDb(Number.NaN)).toBe(-Infinity);
  });
});

describe('where a channel is', () => {
  it.each([
    [600, 1],
    [1440, 2],
    [333, 1.5],
  ])('finds each of 128 channels again at its own bar, %i pixels wide at %f pixels a unit', (width, unit) => {
    const geometry = meterGeometry(width * unit, 150 * unit, unit, 128);
    geometry.edges.slice(0, 128).forEach((edge, channel) => {
      expect(channelAt(geometry, edge)).toBe(channel);
      expect(geometry.edges[channel + 1]).toBeGreaterThan(edge);
    });
    expect(channelAt(geometry, 0)).toBeUndefined();
    expect((geometry.edges[127] ?? 0) + geometry.bar).toBeLessThanOrEqual(width * unit);
  });
});
