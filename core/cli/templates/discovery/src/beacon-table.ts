/** A session whose beacon was not heard for this long is gone, in ms. */
export const beaconLifeMs = 30_000;
/** Sessions that are remembered, whoever floods the network. */
const mostSessions = 1_000;

/** When each session was heard last. Times are milliseconds of a monotonic clock. */
export class BeaconTable {
  readonly #heard = new Map<string, number>();

  /** @returns false if there is no room for another session. */
  hear(key: string, now: number): boolean {
    if (!this.#heard.has(key) && this.#heard.size >= mostSessions) return false;
    this.#heard.set(key, now);
    return true;
  }

  /** @returns false if it was not known. */
  remove(key: string): boolean {
    return this.#heard.delete(key);
  }

  /** Forgets what fell silent and returns its keys. */
  expire(now: number): readonly string[] {
    const silent = [...this.#heard].filter(([, at]) => now - at > beaconLifeMs).map(([key]) => key);
    for (const key of silent) this.#heard.delete(key);
    return silent;
  }
}
