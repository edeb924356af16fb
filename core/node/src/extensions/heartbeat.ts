import type { Disposable } from '@tutti/base';

const everyMs = 500;
const patienceMs = 2500;

/**
 * Watches that a process answers: one that is stuck is found within 3 s. Time in which this process itself did not get
 * to run does not count against the other.
 */
export class Heartbeat implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #waitingMs: number | undefined;
  #lastTick = performance.now();

  /**
   * @param ping resolves when the other side answered; a rejection is nobody's hang.
   * @param onHang called once.
   */
  constructor(ping: () => Promise<unknown>, onHang: () => void) {
    this.#timer = setInterval(() => {
      const now = performance.now();
      const passed = Math.min(now - this.#lastTick, 2 * everyMs);
      this.#lastTick = now;
      if (this.#waitingMs === undefined) {
        this.#waitingMs = 0;
        const answered = (): void => {
          this.#waitingMs = undefined;
        };
        ping().then(answered, answered);
        return;
      }
      this.#waitingMs += passed;
      if (this.#waitingMs < patienceMs - everyMs) return;
      this.dispose();
      onHang();
    }, everyMs).unref();
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
