/** Deaths that are counted together, ms. */
const windowMs = 5 * 60_000;
/** As many deaths in the window mean that it will not get better by itself. */
const most = 3;

/** Remembers when extensions died. */
export class CrashRecord {
  readonly #deaths = new Map<string, number[]>();

  /** Notes a death. @returns true if it was one too many. */
  add(id: string, now: number): boolean {
    const recent = (this.#deaths.get(id) ?? []).filter((at) => now - at < windowMs);
    recent.push(now);
    this.#deaths.set(id, recent);
    return recent.length >= most;
  }

  forget(id: string): void {
    this.#deaths.delete(id);
  }
}
