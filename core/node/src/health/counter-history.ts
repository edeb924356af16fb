import { createToken, type Disposable } from '@tutti/base';
import type { Counters } from '@tutti/common';

/** By how much counters grew of late. */
export interface RecentCounters {
  /** Over how many whole seconds; 0 when nothing is known yet. */
  readonly seconds: number;
  readonly counters: Counters;
}

export interface CounterHistory {
  /** Of a receiver, over the last {@link windowSeconds} at most. */
  recent(id: string): RecentCounters;
}

export const CounterHistoryToken = createToken<CounterHistory>('CounterHistory');

/** A fault is shown for this long after it is over: long enough to be seen, short enough to see that a cure helped. */
export const windowSeconds = 10;
const sampleMs = 500;

interface Sample {
  readonly at: number;
  readonly counters: Counters;
}

/** Looks at every receiver's counters twice a second. */
export class SampledCounterHistory implements CounterHistory, Disposable {
  readonly #receivers: () => readonly string[];
  readonly #read: (id: string) => Counters;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #samples = new Map<string, readonly Sample[]>();

  /** @param now milliseconds of a clock that does not jump. */
  constructor(
    receivers: () => readonly string[],
    read: (id: string) => Counters,
    now: () => number = () => performance.now(),
  ) {
    [this.#receivers, this.#read, this.#now] = [receivers, read, now];
    this.#timer = setInterval(() => this.sample(), sampleMs);
    this.#timer.unref();
  }

  recent(id: string): RecentCounters {
    const samples = this.#samples.get(id) ?? [];
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined || first === last) return { seconds: 0, counters: {} };
    const grown = Object.entries(last.counters).map(([name, value]) => [
      name,
      value - (first.counters[name] ?? 0),
    ]);
    const seconds = Math.max(1, Math.round((last.at - first.at) / 1000));
    return { seconds, counters: Object.fromEntries(grown) as Counters };
  }

  /** Looks now; the timer does it by itself. */
  sample(): void {
    const at = this.#now();
    const oldest = at - windowSeconds * 1000;
    this.#samples = new Map(
      this.#receivers().map((id) => {
        const counters = this.#read(id);
        const before = (this.#samples.get(id) ?? []).filter((each) => each.at >= oldest);
        // Counters begin anew with a new engine, and when a receiver is put in force again.
        const began = (counters['packets'] ?? 0) < (before.at(-1)?.counters['packets'] ?? 0);
        return [id, [...(began ? [] : before), { at, counters }]];
      }),
    );
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
