import {
  deviceRates,
  framesOfMilliseconds,
  indexAt,
  indexOfRtpTimestamp,
  nsAt,
  rtpTimestampOf,
} from '@tutti/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const second = 1_000_000_000n;
const rates = fc.constantFrom(...deviceRates, 8000, 11025, 705_600, 1_536_000);
/** Nanoseconds from 1950 to 2400. */
const times = fc.bigInt({ min: -20n * 31_557_600n * second, max: 430n * 31_557_600n * second });
const offsets = fc.integer({ min: 0, max: 0xffff_ffff });
const indices = fc.bigInt({ min: -(1n << 50n), max: 1n << 54n });

describe('the media clock', () => {
  it('is 0 at the epoch and counts the rate every second', () => {
    expect(indexAt(0n, 48000)).toBe(0n);
    expect(indexAt(second, 44100)).toBe(44100n);
    expect(indexAt(second - 1n, 44100)).toBe(44099n);
    expect(indexAt(-1n, 48000)).toBe(-1n);
  });

  it('counts exactly rate samples in any number of seconds: no drift over centuries', () => {
    fc.assert(
      fc.property(times, fc.bigInt({ min: 0n, max: 20_000_000_000n }), rates, (ns, seconds, rate) => {
        expect(indexAt(ns + seconds * second, rate) - indexAt(ns, rate)).toBe(seconds * BigInt(rate));
      }),
    );
  });

  it('never runs backwards', () => {
    fc.assert(
      fc.property(times, fc.bigInt({ min: 0n, max: second }), rates, (ns, step, rate) => {
        expect(indexAt(ns + step, rate) >= indexAt(ns, rate)).toBe(true);
      }),
    );
  });

  it('reads an index from the very nanosecond nsAt gives, and not one earlier', () => {
    fc.assert(
      fc.property(indices, rates, (index, rate) => {
        const ns = nsAt(index, rate);
        expect(indexAt(ns, rate)).toBe(index);
        expect(indexAt(ns - 1n, rate)).toBe(index - 1n);
      }),
    );
  });

  it('steps by whole packets at 44.1 kHz: 48 frames a packet for a year come out to the sample', () => {
    const packets = (365n * 86_400n * 44_100n) / 48n;
    expect(nsAt(packets * 48n, 44100)).toBe(365n * 86_400n * second);
  });
});

describe('RTP timestamps', () => {
  it('are the index plus offset, modulo 2^32', () => {
    expect(rtpTimestampOf(5n, 0xffff_ffff)).toBe(4);
    expect(rtpTimestampOf(-1n, 0)).toBe(0xffff_ffff);
    expect(rtpTimestampOf((1n << 40n) + 7n, 1)).toBe(8);
  });

  it('lead back to the index, whenever it is less than 2^31 samples away from what was expected', () => {
    const distances = fc.bigInt({ min: -(1n << 31n) + 1n, max: (1n << 31n) - 1n });
    fc.assert(
      fc.property(indices, offsets, distances, (index, offset, distance) => {
        const timestamp = rtpTimestampOf(index, offset);
        expect(timestamp).toBeGreaterThanOrEqual(0);
        expect(timestamp).toBeLessThan(2 ** 32);
        expect(indexOfRtpTimestamp(timestamp, offset, index + distance)).toBe(index);
      }),
      { numRuns: 1000 },
    );
  });

  it('step by one where they wrap', () => {
    const near = (1n << 32n) - 2n;
    const unwrapped = [0xffff_fffe, 0xffff_ffff, 0, 1].map((timestamp) =>
      indexOfRtpTimestamp(timestamp, 0, near),
    );
    expect(unwrapped).toEqual([near, near + 1n, near + 2n, near + 3n]);
  });
});

it('framesOfMilliseconds gives the nearest whole frame', () => {
  expect(framesOfMilliseconds(3, 48000)).toBe(144);
  expect(framesOfMilliseconds(1, 44100)).toBe(44);
  expect(framesOfMilliseconds(0.125, 44100)).toBe(6);
});
