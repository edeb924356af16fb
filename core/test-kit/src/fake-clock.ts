import type { Disposable } from '@tutti/base';

interface Timer {
  readonly id: FakeTimer;
  readonly act: () => void;
  readonly every: number | undefined;
  at: number;
}

/** What the fake `setTimeout` returns: as much of Node's `Timeout` as programs use. */
class FakeTimer {
  #clear: () => void;
  constructor(clear: () => void) {
    this.#clear = clear;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  close(): this {
    this.#clear();
    return this;
  }
  [Symbol.dispose](): void {
    this.#clear();
  }
}

/**
 * Time in a test's hands. While it is installed, `setTimeout`, `setInterval`, their `clear` functions, `Date.now` and
 * `performance.now` are its own; sockets and promises go on as ever. What expires after an hour is tested in a moment.
 */
export class FakeClock implements Disposable {
  readonly #timers = new Map<unknown, Timer>();
  readonly #restore: () => void;
  #now = 0;

  private constructor() {
    const began = Date.now();
    const before = {
      setTimeout: globalThis.setTimeout,
      clearTimeout: globalThis.clearTimeout,
      setInterval: globalThis.setInterval,
      clearInterval: globalThis.clearInterval,
    };
    const dateNow = Date.now;
    const start = (every: boolean) =>
      ((act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
        this.#add(() => act(...args), ms, every)) as unknown as typeof setTimeout;
    const clear = ((id: unknown) => void this.#timers.delete(id)) as typeof clearTimeout;
    Object.assign(globalThis, {
      setTimeout: start(false),
      setInterval: start(true),
      clearTimeout: clear,
      clearInterval: clear,
    });
    Date.now = () => began + this.#now;
    Object.defineProperty(performance, 'now', { value: () => this.#now, configurable: true });
    this.#restore = () => {
      Object.assign(globalThis, before);
      Date.now = dateNow;
      Reflect.deleteProperty(performance, 'now'); // that of the prototype shows again
    };
  }

  /** Replaces the clock of this process until the result is disposed. */
  static install(): FakeClock {
    return new FakeClock();
  }

  /** Milliseconds since it was installed. */
  get now(): number {
    return this.#now;
  }

  /** Timers that are running. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass: every timer that becomes due runs at its time, in order, with what it awaits in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let due = this.#nextDue(end); due !== undefined; due = this.#nextDue(end)) {
      this.#now = due.at;
      if (due.every === undefined) this.#timers.delete(due.id);
      else due.at += Math.max(due.every, 1);
      due.act();
      await immediate();
    }
    this.#now = end;
    await immediate();
  }

  dispose(): void {
    this.#restore();
    this.#timers.clear();
  }

  #nextDue(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }

  #add(act: () => void, ms: number, every: boolean): FakeTimer {
    const id: FakeTimer = new FakeTimer(() => this.#timers.delete(id));
    this.#timers.set(id, { id, act, at: this.#now + Math.max(ms, 0), every: every ? ms : undefined });
    return id;
  }
}

const realImmediate = setImmediate;
const immediate = (): Promise<void> => new Promise((resolve) => realImmediate(resolve));
