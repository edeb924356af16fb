import { describe, expect, it } from 'vitest';
import { Ballistics } from '../../../src/parts/meters/ballistics.ts';

const peaks = (...values: number[]): Float32Array => Float32Array.from(values);

describe('meter ballistics', () => {
  it('shows a peak at once', () => {
    const meter = new Ballistics(2);
    meter.feed(peaks(0.5, 0), 1000);
    expect(meter.level[0]).toBeCloseTo(-6.02, 2);
    expect(meter.level[1]).toBe(-Infinity);
  });

  it('falls 20 dB in 1.7 seconds, however often it is asked', () => {
    const often = new Ballistics(1);
    const once = new Ballistics(1);
    often.feed(peaks(1), 0);
    once.feed(peaks(1), 0);
    for (let now = 17; now <= 1700; now += 17) often.advance(now);
    once.advance(1700);
    expect(once.level[0]).toBeCloseTo(-20, 4);
    expect(often.level[0]).toBeCloseTo(-20, 3);
  });

  it('holds the highest level for two seconds, then lets it fall', () => {
    const meter = new Ballistics(1);
    meter.feed(peaks(0.5), 0);
    meter.feed(peaks(0.25), 500);
    meter.advance(1999);
    expect(meter.hold[0]).toBeCloseTo(-6.02, 2);
    meter.advance(2850);
    expect(meter.hold[0]).toBeCloseTo(-16.02, 1);
  });

  it('never holds below its bar', () => {
    const meter = new Ballistics(1);
    for (let now = 0; now < 10_000; now += 40) meter.feed(peaks(0.5), now);
    expect(meter.hold[0]).toBeCloseTo(-6.02, 2);
    expect(meter.hold[0]).toBeGreaterThanOrEqual(meter.level[0] ?? 0);
  });

  it('marks full scale of L24 in both directions of rounding, until reset', () => {
    const meter = new Ballistics(3);
    meter.feed(peaks(1, 1 - 2 ** -23, 1 - 2 ** -22), 0);
    meter.feed(peaks(0, 0, 0), 60_000);
    expect([...meter.over]).toEqual([1, 1, 0]);
    meter.reset();
    expect([...meter.over]).toEqual([0, 0, 0]);
  });

  it('comes to rest, so that drawing can stop', () => {
    const meter = new Ballistics(1);
    meter.feed(peaks(1), 0);
    expect(meter.advance(1000)).toBe(true);
    expect(meter.advance(60_000)).toBe(false);
    expect(meter.hold[0]).toBe(-Infinity);
  });

  it('takes a frame of another size without a fault', () => {
    const meter = new Ballistics(2);
    meter.feed(peaks(1, 1, 1), 0);
    meter.feed(peaks(1), 1);
    meter.feed(peaks(Number.NaN, -1), 2);
    expect(meter.level[1]).toBeCloseTo(0, 1);
  });
});
