/** A measurement of `npm run bench`: always of things side by side in one run, because machines are noisy. */
export interface Bench {
  /** How long, or how many hundred rounds, unless somebody says otherwise. */
  readonly seconds: number;
  /** Where its table goes, from the repository on; `docs/performance.md` unless it says otherwise. */
  readonly page?: string;
  /** @returns Markdown. */
  measure(seconds: number): Promise<readonly string[]>;
}
