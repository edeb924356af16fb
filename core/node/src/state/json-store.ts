import { readFile, rename } from 'node:fs/promises';
import type { Result } from '@tutti/base';
import { writeAtomically } from '../platform/atomic-file.ts';

/** What became of a file that could not be used. */
export interface DamageReport {
  readonly path: string;
  readonly reason: string;
  /** Where it was set aside. */
  readonly setAside: string;
}

export interface JsonStoreOptions<T> {
  readonly path: string;
  readonly version: number;
  /** Reads what was parsed; an error is a sentence for a person. */
  readonly check: (value: unknown) => Result<T, string>;
  readonly onDamage: (report: DamageReport) => void;
}

/**
 * One JSON document on disk: versioned, written atomically, the last good one kept as `.previous`. A damaged file is set
 * aside as `.damaged-TIME`, reported, and the last good one is used. Saves are queued.
 */
export class JsonStore<T> {
  readonly #options: JsonStoreOptions<T>;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: JsonStoreOptions<T>) {
    this.#options = options;
  }

  /** Undefined if there is neither a good file nor a good previous one. Never throws because of what a file contains. */
  async load(): Promise<T | undefined> {
    const { path } = this.#options;
    for (const candidate of [path, `${path}.previous`]) {
      const text = await readIfThere(candidate);
      if (text === undefined) continue;
      const read = this.#read(text);
      if (read.ok) return read.value;
      const setAside = `${candidate}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
      await rename(candidate, setAside);
      this.#options.onDamage({ path: candidate, reason: read.error, setAside });
    }
    return undefined;
  }

  /** Resolves when it is on disk. */
  save(data: T): Promise<void> {
    const { path, version } = this.#options;
    const content = `${JSON.stringify({ version, data }, undefined, 2)}\n`;
    const write = this.#queue.then(() => writeAtomically(path, content, `${path}.previous`));
    this.#queue = write.catch(() => undefined);
    return write;
  }

  /** Resolves when everything that was to be saved is on disk, or has failed. */
  async flush(): Promise<void> {
    await this.#queue;
  }

  #read(text: string): Result<T, string> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      return { ok: false, error: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
    if (typeof parsed !== 'object' || parsed === null || !('version' in parsed) || !('data' in parsed)) {
      return { ok: false, error: 'no version or no data' };
    }
    if (parsed.version !== this.#options.version) {
      return {
        ok: false,
        error: `version ${String(parsed.version)}, this program reads ${this.#options.version}`,
      };
    }
    return this.#options.check(parsed.data);
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
