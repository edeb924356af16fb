/**
 * Values of one extension that outlive it: kept by the host while the extension is disabled, updated or crashed, and removed when
 * it is uninstalled. For what was found out and would be missed, not for settings of people (`configuration`), and not for secrets.
 */
export interface ExtensionStorage {
  /** Undefined if there is none. Check it as you check outside data: another version of the extension may have written it. */
  get(key: string): Promise<unknown>;
  /**
   * Replaces a value; undefined removes it. It is on disk when this resolves, and whoever loses power finds the old or the new one.
   *
   * @param key 1 to 128 letters, digits, dots, hyphens and underscores
   * @param value plain JSON
   * @throws TuttiError `invalid` for a key or value that is none, `limit` beyond 64 keys or 1 MiB of JSON in all
   */
  set(key: string, value: unknown): Promise<void>;
  /** In no particular order. */
  keys(): Promise<readonly string[]>;
}
