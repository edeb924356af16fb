import type { ClockDetails, ClockEvent, ClockSample } from '@tutti/common';

/** An hour, as the host keeps it. */
const mostSamples = 3600;

/** What is known so far, and what the host said after the last sample of it. */
export function mergeHistory(before: ClockDetails | undefined, latest: ClockDetails): ClockDetails {
  const last = before?.history.at(-1)?.at ?? '';
  const fresh = latest.history.filter(({ at }) => at > last);
  const history = before ? [...before.history, ...fresh].slice(-mostSamples) : latest.history;
  return { ...latest, history };
}

/** What a clock's past is drawn from; times in seconds since 1970. */
export interface ClockCurves {
  readonly at: number[];
  /** Offset from the master, ns. */
  readonly offset: (number | null)[];
  readonly pathDelay: (number | null)[];
  readonly error: (number | null)[];
}

/** The last `seconds` of the history. */
export function clockCurves(history: readonly ClockSample[], seconds: number): ClockCurves {
  const times = history.map(({ at }) => Date.parse(at) / 1000);
  const end = times.at(-1) ?? 0;
  const first = times.findIndex((time) => time >= end - seconds);
  const shown = first < 0 ? [] : history.slice(first);
  return {
    at: first < 0 ? [] : times.slice(first),
    offset: shown.map(({ offsetNs }) => offsetNs ?? null),
    pathDelay: shown.map(({ pathDelayNs }) => pathDelayNs ?? null),
    error: shown.map(({ errorNs }) => errorNs ?? null),
  };
}

/** How often each offset occurred: equal bins between the extremes, in ns. The last edge closes the last bin. */
export function offsetHistogram(
  offsets: readonly (number | null)[],
  bins = 41,
): { readonly edges: number[]; readonly counts: (number | null)[] } {
  const values = offsets.filter((value): value is number => value !== null && Number.isFinite(value));
  if (values.length === 0) return { edges: [], counts: [] };
  const widest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const width = (2 * widest) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value + widest) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    edges: Array.from({ length: bins + 1 }, (_, i) => -widest + i * width),
    counts: [...counts.map((count) => (count === 0 ? null : count)), null],
  };
}

/** Mean and standard deviation of what is there, ns; undefined without values. */
export function spreadOf(
  values: readonly (number | null)[],
): { mean: number; deviation: number } | undefined {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Events within the time shown, for the axis. */
export const eventsIn = (events: readonly ClockEvent[], from: number, to: number): readonly ClockEvent[] =>
  events.filter(({ at }) => Date.parse(at) / 1000 >= from && Date.parse(at) / 1000 <= to);
