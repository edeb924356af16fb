export interface Quantiles {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Of absolute values; of none, they are not numbers. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? NaN;
  return { count: sorted.length, median: at(0.5), p99: at(0.99), max: at(1) };
}

/** Nanoseconds as microseconds with a sensible number of digits. */
export function microseconds(ns: number): string {
  const us = ns / 1000;
  return us.toFixed(Math.abs(us) < 100 ? 2 : 0);
}
