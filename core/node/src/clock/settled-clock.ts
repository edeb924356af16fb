import {
  createToken,
  DisposableStore,
  Emitter,
  toDisposable,
  type Disposable,
  type Event,
} from '@tutti/base';
import type { EngineClockStatus } from '@tutti/common';
import type { EngineMonitor } from '../engine/engine-monitor.ts';

/** What the clock follows, as descriptions and receivers are to take it. */
export interface SettledClock {
  /** Undefined before an engine has answered, and while a clock is still finding out what to follow. */
  readonly current: EngineClockStatus | undefined;
  readonly onDidChange: Event<void>;
}

export const SettledClockToken = createToken<SettledClock>('SettledClock');

/** A PTP clock locks within 5 s of its master's second Announce. */
const findsWithinMs = 10_000;

/**
 * {@link SettledClock}. A clock that has just begun to listen (the engine was restarted, it got other options) nearly
 * always finds the grandmaster it had: until it has had its time to find one, that is kept, so that descriptions are not
 * published anew and receivers are not timed anew for nothing.
 */
export class PatientClock implements SettledClock, Disposable {
  readonly #monitor: EngineMonitor;
  readonly #store = new DisposableStore();
  readonly #emitter = this.#store.add(new Emitter<void>());
  /** As it was when the clock last knew the time. */
  #known: EngineClockStatus | undefined;
  #searching = false;
  #patience: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#emitter.event;

  constructor(monitor: EngineMonitor) {
    this.#monitor = monitor;
    this.#store.add(monitor.onDidChangeClock((clock) => this.#follow(clock)));
    this.#store.add(toDisposable(() => clearTimeout(this.#patience)));
    if (monitor.status !== undefined) this.#follow(monitor.status.clock);
  }

  get current(): EngineClockStatus | undefined {
    const clock = this.#monitor.status?.clock;
    if (clock === undefined || !isSearching(clock) || this.#patience === undefined) return clock;
    // What another source followed says nothing of this one.
    return this.#known?.source === clock.source ? { ...this.#known, state: clock.state } : undefined;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #follow(clock: EngineClockStatus): void {
    const searching = isSearching(clock);
    if (!searching) {
      this.#known = clock;
      clearTimeout(this.#patience);
      this.#patience = undefined;
    } else if (!this.#searching) {
      this.#patience = setTimeout(() => {
        this.#patience = undefined;
        this.#emitter.fire();
      }, findsWithinMs).unref();
    }
    this.#searching = searching;
    this.#emitter.fire();
  }
}

function isSearching({ state }: EngineClockStatus): boolean {
  return state === 'listening' || state === 'calibrating';
}
