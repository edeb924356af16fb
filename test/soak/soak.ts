/** A long measurement that is run by hand. Every file of this folder that exports one as `soak` is listed by its name. */
export interface Soak {
  /** One line for the list. */
  readonly about: string;
  /** How long it takes unless somebody says otherwise; what is counted, not timed, scales with it. */
  readonly seconds: number;
  /** Page with a place for the result between `<!-- soak NAME -->` and `<!-- /soak NAME -->`. */
  readonly page: string;
  /** Measures; says on the way what it does. */
  run(seconds: number): Promise<SoakResult>;
}

export interface SoakResult {
  /** Markdown. */
  readonly lines: readonly string[];
  /** What was found wrong, as sentences; none if every bound was kept. */
  readonly problems: readonly string[];
}
