import type { Disposable } from '@tutti/base';
import { healthDomains, type HealthState, type ReceiverInfo } from '@tutti/common';
import type { Log } from '../platform/log.ts';

const lookMs = 1000;
/** A state is told when it was seen this often in a row: what is over within a second is counted, not told. */
const looksInARow = 2;

const codes: Readonly<Record<HealthState, string>> = {
  inactive: 'receiver.inactive',
  healthy: 'receiver.healthy',
  partiallyHealthy: 'receiver.partlyHealthy',
  unhealthy: 'receiver.unhealthy',
};

/** Tells the log when a receiver's health becomes another one: one line for each change, none while it stays. */
export class HealthLog implements Disposable {
  readonly #receivers: () => readonly ReceiverInfo[];
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  readonly #told = new Map<string, HealthState>();
  readonly #seen = new Map<string, { readonly state: HealthState; readonly times: number }>();

  constructor(receivers: () => readonly ReceiverInfo[], log: Log) {
    [this.#receivers, this.#log] = [receivers, log];
    this.#timer = setInterval(() => this.look(), lookMs);
    this.#timer.unref();
  }

  /** Looks now; the timer does it by itself. */
  look(): void {
    const receivers = this.#receivers();
    for (const each of receivers) this.#lookAt(each);
    for (const id of this.#seen.keys()) {
      if (receivers.some((each) => each.id === id)) continue;
      this.#seen.delete(id);
      this.#told.delete(id);
    }
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  #lookAt({ id, name, health }: ReceiverInfo): void {
    const state = health.overall;
    const before = this.#seen.get(id);
    const times = before?.state === state ? before.times + 1 : 1;
    this.#seen.set(id, { state, times });
    if (times < looksInARow || this.#told.get(id) === state) return;
    this.#told.set(id, state);
    const domain = healthDomains.find((each) => health[each].state === state);
    const finding = domain && health[domain];
    const level = state === 'healthy' || state === 'inactive' ? 'info' : 'warn';
    const message = state === 'healthy' ? `${name}: audio comes` : `${name}: ${finding?.message ?? state}`;
    this.#log[level](codes[state], message, { id, domain, evidence: finding?.evidence });
  }
}
