import { existsSync, readFileSync, statSync } from 'node:fs';
import { createToken, Emitter, fail, type Disposable, type Event, type Problem } from '@tutti/base';
import { applyEdits, modify, parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { writeAtomically } from '../platform/atomic-file.ts';
import type { Log } from '../platform/log.ts';
import type { Paths } from '../platform/paths.ts';
import { remoteSettings } from './remote-settings.ts';
import { checkWith } from './schema.ts';

/** JSON Schema of each key, with its `default`. */
export type ConfigurationSchema = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Settings a person writes: `settings.json`, comments allowed, keys flat (`aes67.sap.group`). */
export interface Configuration {
  /** Value of a key, or its default if the file is silent or wrong about it. */
  get<T>(key: string): T;
  /**
   * Writes a key into the file, whose comments and order stay; undefined takes the key out (with the comment at its
   * line's end).
   *
   * @throws TuttiError `invalid` if the value is not what the key takes, or if the file has an error of syntax.
   */
  set(key: string, value: unknown): Promise<void>;
  /** Adds keys; disposing removes them. */
  contribute(schema: ConfigurationSchema): Disposable;
  /** What is wrong in the file. */
  readonly problems: readonly Problem[];
  /** Fires the keys whose value changed. */
  readonly onDidChange: Event<readonly string[]>;
}

export const ConfigurationToken = createToken<Configuration>('Configuration');

/** The core's own keys. */
export const coreSettings: ConfigurationSchema = {
  'network.interface': {
    type: 'string',
    default: '',
    description: 'The one interface to use; empty: all that are up',
  },
  'http.listen': {
    type: 'string',
    default: '127.0.0.1:8067',
    description: 'Where the host API listens on this machine',
  },
  ...remoteSettings,
  'receivers.linkOffsetMs': {
    type: 'number',
    minimum: 0.1,
    maximum: 500,
    default: 3,
    description: 'Link offset of receivers that share our media clock',
  },
  'receivers.foreignLinkOffsetMs': {
    type: 'number',
    minimum: 0.1,
    maximum: 500,
    default: 20,
    description: 'Link offset of receivers whose stream is on another clock',
  },
  'senders.dscp': { type: 'integer', minimum: 0, maximum: 63, default: 34 },
  'senders.ttl': { type: 'integer', minimum: 1, maximum: 255, default: 32 },
  'senders.payloadType': { type: 'integer', minimum: 96, maximum: 127, default: 97 },
  'senders.groupPrefix': {
    type: 'string',
    pattern: '^239\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)$',
    default: '239.69',
    description: 'First half of the groups chosen for senders; Dante takes flows inside its own prefix only',
  },
  'clock.options': {
    type: 'object',
    additionalProperties: { type: 'object' },
    default: {},
    description: 'What a clock is started with, by its id, as in {"ptp": {"interface": "eth0", "domain": 0}}',
  },
};

const pollMs = 1000;

export class FileConfiguration implements Configuration, Disposable {
  readonly #path: string;
  readonly #log: Log;
  readonly #emitter = new Emitter<readonly string[]>();
  readonly #keys = new Map<
    string,
    { readonly fallback: unknown; readonly check: (value: unknown) => string | undefined }
  >();
  readonly #poll: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  #version = '';
  #values: Readonly<Record<string, unknown>> = {};
  #problems: readonly Problem[] = [];

  readonly onDidChange = this.#emitter.event;

  constructor(paths: Paths, log: Log) {
    this.#path = paths.settings;
    this.#log = log;
    this.contribute(coreSettings);
    this.#read();
    // Not fs.watchFile: its first look comes later than this first reading, and a change in between is never seen.
    this.#poll = setInterval(() => {
      if (this.#versionNow() !== this.#version) this.#read();
    }, pollMs).unref();
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get<T>(key: string): T {
    const known = this.#keys.get(key);
    if (known === undefined) throw new Error(`no part of Tutti has a setting ${key}`);
    const value = this.#values[key];
    return (value === undefined || known.check(value) !== undefined ? known.fallback : value) as T;
  }

  set(key: string, value: unknown): Promise<void> {
    const done = this.#writing.then(() => this.#write(key, value));
    this.#writing = done.catch(() => undefined);
    return done;
  }

  contribute(schema: ConfigurationSchema): Disposable {
    const added: string[] = [];
    for (const [key, value] of Object.entries(schema)) {
      if (this.#keys.has(key)) continue;
      this.#keys.set(key, { fallback: value['default'], check: checkWith(value) });
      added.push(key);
    }
    this.#judge();
    return {
      dispose: () => {
        for (const key of added) this.#keys.delete(key);
      },
    };
  }

  dispose(): void {
    clearInterval(this.#poll);
    this.#emitter.dispose();
  }

  async #write(key: string, value: unknown): Promise<void> {
    const wrong = value === undefined ? undefined : this.#keys.get(key)?.check(value);
    if (wrong !== undefined) throw fail('invalid', `setting ${key}: ${wrong}`, { field: key });
    const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : '{}\n';
    const errors: ParseError[] = [];
    parse(text, errors, { allowTrailingComma: true });
    const first = errors[0];
    if (first !== undefined) {
      throw fail(
        'invalid',
        `${this.#path} cannot be changed: ${printParseErrorCode(first.error)} at offset ${first.offset}`,
        { field: key, fix: 'correct the file first; nothing was written' },
      );
    }
    const formattingOptions = { tabSize: 2, insertSpaces: true, eol: '\n' };
    const edits = modify(text, [key], value, { formattingOptions });
    await writeAtomically(this.#path, applyEdits(text, edits));
    this.#read();
  }

  /** Changes with every change of the file. */
  #versionNow(): string {
    const found = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? 'none' : `${found.ino} ${found.size} ${found.mtimeNs}`;
  }

  #read(): void {
    this.#version = this.#versionNow(); // before the content, so that a change during the reading is read again
    const before = this.#values;
    const errors: ParseError[] = [];
    let values: unknown = {};
    try {
      values = parse(readFileSync(this.#path, 'utf8'), errors, { allowTrailingComma: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#log.warn('settings.unreadable', `${this.#path} cannot be read: ${String(error)}`);
      }
    }
    const first = errors[0];
    if (first !== undefined) {
      const what = `${printParseErrorCode(first.error)} at offset ${first.offset}`;
      this.#log.warn('settings.syntax', `${this.#path}: ${what}; what can be read is used`);
    }
    this.#values = typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : {};
    this.#judge();
    const changed = [...this.#keys.keys()].filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(this.#values[key]),
    );
    if (changed.length > 0) this.#emitter.fire(changed);
  }

  #judge(): void {
    const known = JSON.stringify(this.#problems);
    this.#problems = Object.entries(this.#values).flatMap(([key, value]): Problem[] => {
      const wrong = this.#keys.get(key)?.check(value);
      return wrong === undefined
        ? []
        : [
            {
              code: 'invalid',
              field: key,
              message: `setting ${key}: ${wrong}`,
              fix: `the default is used; correct it in ${this.#path}`,
            },
          ];
    });
    if (JSON.stringify(this.#problems) === known) return;
    for (const problem of this.#problems)
      this.#log.warn('settings.invalid', problem.message, { key: problem.field });
  }
}
