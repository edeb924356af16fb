/** One promise that every extension of a kind must keep. Give it to any test runner: `test(each.title, each.run)`. */
export interface ConformanceCase {
  /** A sentence about behaviour. */
  readonly title: string;
  /** Rejects with what was broken. */
  run(): Promise<void>;
}
