import { createToken, Emitter, type Disposable, type Event } from '@tutti/base';
import type { EngineClockStatus, EngineStatus } from '@tutti/common';
import type { EngineClient } from './engine-client.ts';

/** What the engine says about itself, asked once a second: clock, applications that have the device open, notices. */
export interface EngineMonitor {
  /** The last answer; undefined while no engine has answered. */
  readonly status: EngineStatus | undefined;
  /** The clock became another one: source, state, grandmaster or domain. */
  readonly onDidChangeClock: Event<EngineClockStatus>;
  /** Every answer to a question, about one a second. */
  readonly onDidRefresh: Event<EngineStatus>;
  /** Asks now. */
  refresh(): Promise<void>;
}

export const EngineMonitorToken = createToken<EngineMonitor>('EngineMonitor');

const pollMs = 1000;

export class PollingEngineMonitor implements EngineMonitor, Disposable {
  readonly #engine: EngineClient;
  readonly #emitter = new Emitter<EngineClockStatus>();
  readonly #refreshEmitter = new Emitter<EngineStatus>();
  readonly #timer: NodeJS.Timeout;
  readonly #watch: Disposable;
  #status: EngineStatus | undefined;

  readonly onDidChangeClock = this.#emitter.event;
  readonly onDidRefresh = this.#refreshEmitter.event;

  constructor(engine: EngineClient) {
    this.#engine = engine;
    this.#timer = setInterval(() => void this.refresh(), pollMs);
    this.#timer.unref();
    this.#watch = engine.onDidChangeClock((clock) => {
      if (this.#status !== undefined) this.#take({ ...this.#status, clock });
      void this.refresh(); // what else is known of the clock is of before it changed
    });
  }

  get status(): EngineStatus | undefined {
    return this.#status;
  }

  async refresh(): Promise<void> {
    if (this.#engine.state !== 'running') return;
    try {
      this.#take(await this.#engine.status());
    } catch {
      return; // the engine went meanwhile; its client deals with that
    }
    if (this.#status !== undefined) this.#refreshEmitter.fire(this.#status);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#watch.dispose();
    this.#emitter.dispose();
    this.#refreshEmitter.dispose();
  }

  #take(status: EngineStatus): void {
    const before = this.#status?.clock;
    this.#status = status;
    if (before === undefined || identity(before) !== identity(status.clock)) this.#emitter.fire(status.clock);
  }
}

function identity({ source, state, grandmaster, domain }: EngineClockStatus): string {
  return JSON.stringify([source, state, grandmaster, domain]);
}
