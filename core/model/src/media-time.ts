import type { SampleRate } from './format.ts';

/*
 * Media time in exact integers (AES67-2018 s.5): the media clock is 0 at the epoch, 1970-01-01 TAI, and counts exactly
 * `rate` samples a second. Nothing is ever rounded to a double, so nothing drifts, at 44.1 kHz neither.
 */

const nanosecondsPerSecond = 1_000_000_000n;
const timestampModulus = 1n << 32n;

/** Index of the sample whose period contains `ns`: floor(ns x rate). @param ns nanoseconds since the epoch */
export function indexAt(ns: bigint, rate: SampleRate): bigint {
  return floorDiv(ns * BigInt(rate), nanosecondsPerSecond);
}

/** First whole nanosecond at which the media clock reads `index`; `indexAt(nsAt(i)) === i` for every rate up to 1 GHz. */
export function nsAt(index: bigint, rate: SampleRate): bigint {
  return -floorDiv(-index * nanosecondsPerSecond, BigInt(rate));
}

/**
 * RTP timestamp of a sample: (index + offset) mod 2^32 (AES67-2018 s.5, RFC 7273 section 5.2).
 * @param offset of `a=mediaclk:direct=`, 0 to 2^32 - 1
 */
export function rtpTimestampOf(index: bigint, offset: number): number {
  return Number(modulo(index + BigInt(offset), timestampModulus));
}

/**
 * The index nearest to `near` that an RTP timestamp can mean; right while the two are less than 2^31 samples apart
 * (12.4 hours at 48 kHz). At exactly 2^31 the earlier one.
 * @param timestamp unsigned 32 bit
 */
export function indexOfRtpTimestamp(timestamp: number, offset: number, near: bigint): bigint {
  const media = BigInt(timestamp) - BigInt(offset);
  return near + BigInt.asIntN(32, media - near);
}

/** Whole frames nearest to a duration. @param milliseconds may have decimals, below 10^9 */
export function framesOfMilliseconds(milliseconds: number, rate: SampleRate): number {
  return Math.round((milliseconds * rate) / 1000);
}

function floorDiv(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}
