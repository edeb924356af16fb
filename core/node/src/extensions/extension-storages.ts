import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createToken, fail } from '@tutti/base';
import type { Log } from '../platform/log.ts';
import { JsonStore } from '../state/json-store.ts';
import { checkWith } from '../state/schema.ts';

/** Of one extension. */
const limits = { keys: 64, bytes: 1024 * 1024, pending: 64 };

type Values = Readonly<Record<string, unknown>>;

const check = checkWith({ type: 'object', maxProperties: limits.keys });

interface Opened {
  readonly store: JsonStore<Values>;
  values: Values;
  pending: number;
  /** Changes follow each other. */
  queue: Promise<unknown>;
}

/** What extensions keep (`api.storage`): a file for each, written atomically, read when it is wanted for the first time. */
export class ExtensionStorages {
  readonly #folder: string;
  readonly #log: Log;
  readonly #opened = new Map<string, Promise<Opened>>();

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  async get(extension: string, key: string): Promise<unknown> {
    const { values } = await this.#open(extension);
    return Object.hasOwn(values, key) ? values[key] : undefined;
  }

  async keys(extension: string): Promise<readonly string[]> {
    return Object.keys((await this.#open(extension)).values);
  }

  /** @throws TuttiError `invalid`, `limit`; nothing is changed then. */
  async set(extension: string, key: string, value: unknown): Promise<void> {
    if (typeof key !== 'string' || !/^[A-Za-z0-9._-]{1,128}$/.test(key) || key === '__proto__')
      throw fail('invalid', 'a key has 1 to 128 letters, digits, dots, hyphens and underscores', {
        field: 'key',
      });
    const opened = await this.#open(extension);
    if (opened.pending >= limits.pending)
      throw fail('limit', `${limits.pending} changes are being written; wait for them`);
    opened.pending += 1;
    const change = opened.queue.then(() => this.#write(opened, key, value));
    opened.queue = change.catch(() => undefined).then(() => (opened.pending -= 1));
    await change;
  }

  /** Forgets all of it. */
  async remove(extension: string): Promise<void> {
    const opened = await this.#opened.get(extension)?.catch(() => undefined);
    await opened?.queue;
    this.#opened.delete(extension);
    const file = `${extension}.json`;
    const names = await readdir(this.#folder).catch(() => []);
    // Its last good one and what was set aside too.
    for (const name of names.filter((each) => each === file || each.startsWith(`${file}.`)))
      await rm(join(this.#folder, name), { force: true });
  }

  /** Resolves when everything that was to be kept is on disk. */
  async flush(): Promise<void> {
    await Promise.all([...this.#opened.values()].map(async (each) => (await each).queue));
  }

  async #write(opened: Opened, key: string, value: unknown): Promise<void> {
    const next = Object.fromEntries([
      ...Object.entries(opened.values).filter(([each]) => each !== key),
      ...(value === undefined ? [] : [[key, value] as const]),
    ]);
    if (Object.keys(next).length > limits.keys) throw fail('limit', `more than ${limits.keys} keys`);
    if (Buffer.byteLength(JSON.stringify(next)) > limits.bytes)
      throw fail('limit', `more than ${limits.bytes} bytes of JSON in all`);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await opened.store.save(next);
    opened.values = next;
  }

  #open(extension: string): Promise<Opened> {
    const known = this.#opened.get(extension) ?? this.#read(extension);
    this.#opened.set(extension, known);
    return known;
  }

  async #read(extension: string): Promise<Opened> {
    if (!/^[a-z0-9-]+\.[a-z0-9-]+$/.test(extension)) throw fail('invalid', 'that is no id of an extension');
    const store = new JsonStore<Values>({
      path: join(this.#folder, `${extension}.json`),
      version: 1,
      check: (value) => {
        const wrong = check(value);
        return wrong === undefined ? { ok: true, value: value as Values } : { ok: false, error: wrong };
      },
      onDamage: (report) =>
        this.#log.warn('storage.damaged', `${report.path} was damaged (${report.reason}); set aside`, {
          extension,
        }),
    });
    return { store, values: (await store.load()) ?? {}, pending: 0, queue: Promise.resolve() };
  }
}

export const ExtensionStoragesToken = createToken<ExtensionStorages>('ExtensionStorages');
