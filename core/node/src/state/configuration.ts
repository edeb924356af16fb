import { existsSync, readFileSync, statSync } from 'node:fs';
import { createToken, Emitter, fail, type Disposable, type Event, type Problem } from '@tutti/base';
import type { SettingInfo } from '@tutti/common';
import { applyEdits, modify } from 'jsonc-parser';
import { writeAtomically } from '../platform/atomic-file.ts';
import type { Log } from '../platform/log.ts';
import type { Paths } from '../platform/paths.ts';
import { remoteSettings } from './remote-settings.ts';
import { compileCheck } from './schema.ts';
import { readSettings, type SettingsText } from './settings-text.ts';

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
  /** The same for several keys, all or none. */
  setAll(values: Readonly<Record<string, unknown>>): Promise<void>;
  /** Adds keys; disposing removes them. @param source `tutti`, or an extension's id. */
  contribute(schema: ConfigurationSchema, source?: string): Disposable;
  /** Every key there is, in order, with its value. */
  list(): readonly SettingInfo[];
  /** The file as it is, and a tag that changes with it. */
  file(): SettingsFile;
  /**
   * Replaces the file.
   *
   * @param tag Of the text that was changed; undefined replaces whatever is there.
   * @throws TuttiError `conflict` if the file changed since; `invalid` with the place of what is wrong. Nothing is written then.
   */
  replaceFile(text: string, tag?: string): Promise<void>;
  /** What is wrong in the file. */
  readonly problems: readonly Problem[];
  /** Fires the keys whose value changed. */
  readonly onDidChange: Event<readonly string[]>;
}

export interface SettingsFile {
  readonly path: string;
  readonly text: string;
  readonly tag: string;
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
  'receivers.codecs': {
    type: 'object',
    propertyNames: { pattern: '^[A-Z0-9._-]{1,32}$' },
    additionalProperties: { type: 'string', maxLength: 32 },
    default: {},
    description:
      'Which codec looks into streams of an encoding by itself, where several would, as in {"L24": "DOP-PCM"}; {"L24": "L24"}: none',
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
  'mdns.responder': {
    enum: ['auto', 'mdnsresponder', 'own'],
    default: 'auto',
    description:
      'Who speaks multicast DNS: the system where its responder runs (auto: avahi-daemon on Linux, mDNSResponder on macOS), mDNSResponder by its library on any system, or always Tutti itself',
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
    {
      readonly schema: Readonly<Record<string, unknown>>;
      readonly source: string;
      readonly fallback: unknown;
      readonly check: (value: unknown) => string | undefined;
    }
  >();
  readonly #poll: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();
  #version = '';
  #values: Readonly<Record<string, unknown>> = {};
  /** Why the file as it is now could not be read. */
  #unread: string | undefined;
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
    return this.setAll({ [key]: value });
  }

  setAll(values: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#inTurn(() => this.#write(values));
  }

  list(): readonly SettingInfo[] {
    return [...this.#keys]
      .map(([key, { schema, source }]) => {
        const problem = this.#problems.find(({ field }) => field === key);
        const isSet = this.#values[key] !== undefined;
        return { key, schema, value: this.get(key), isSet, source, ...(problem && { problem }) };
      })
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  file(): SettingsFile {
    return { path: this.#path, text: this.#text(), tag: this.#versionNow() };
  }

  replaceFile(text: string, tag?: string): Promise<void> {
    return this.#inTurn(async () => {
      if (tag !== undefined && tag !== this.#versionNow()) {
        throw fail('conflict', 'the settings file has changed since it was read', {
          field: 'file',
          fix: 'read it again and make the change there',
        });
      }
      this.#refuseWrong(text);
      await writeAtomically(this.#path, text);
      this.#read();
    });
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(act);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  contribute(schema: ConfigurationSchema, source = 'tutti'): Disposable {
    const added: string[] = [];
    for (const [key, value] of Object.entries(schema)) {
      if (this.#keys.has(key)) continue;
      this.#keys.set(key, { schema: value, source, fallback: value['default'], check: compileCheck(value) });
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

  async #write(values: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [key, value] of Object.entries(values)) {
      const wrong = value === undefined ? undefined : this.#keys.get(key)?.check(value);
      if (wrong !== undefined) throw fail('invalid', `setting ${key}: ${wrong}`, { field: key });
    }
    let text = this.#text() || '{}\n';
    const { wrong: broken } = readSettings(text);
    if (broken !== undefined) {
      throw fail('invalid', `${this.#path} cannot be changed: ${broken}`, {
        field: Object.keys(values)[0] ?? 'file',
        fix: 'correct the file first; nothing was written',
      });
    }
    const formattingOptions = { tabSize: 2, insertSpaces: true, eol: '\n' };
    for (const [key, value] of Object.entries(values))
      text = applyEdits(text, modify(text, [key], value, { formattingOptions }));
    await writeAtomically(this.#path, text);
    this.#read();
  }

  /** Empty if there is no file. */
  #text(): string {
    return existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : '';
  }

  /** @throws TuttiError `invalid` for text that is no settings file, or that sets a key to what it does not take. */
  #refuseWrong(text: string): void {
    const { values, wrong: broken } = readSettings(text);
    if (broken !== undefined) throw fail('invalid', broken, { field: 'file' });
    for (const [key, value] of Object.entries(values)) {
      const wrong = this.#keys.get(key)?.check(value);
      if (wrong !== undefined) throw fail('invalid', `setting ${key}: ${wrong}`, { field: key });
    }
  }

  /** Changes with every change of the file. */
  #versionNow(): string {
    const found = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? 'none' : `${found.ino} ${found.size} ${found.mtimeNs}`;
  }

  #read(): void {
    const isFirst = this.#version === '';
    this.#version = this.#versionNow(); // before the content, so that a change during the reading is read again
    const before = this.#values;
    const { values, wrong } = this.#readFile(isFirst);
    this.#unread = wrong;
    // What an editor has half written, or a slip of who edits during a show, takes nothing out of force.
    if (wrong === undefined || isFirst) this.#values = values;
    this.#judge();
    const changed = [...this.#keys.keys()].filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(this.#values[key]),
    );
    if (changed.length > 0) this.#emitter.fire(changed);
  }

  #readFile(isFirst: boolean): SettingsText {
    try {
      // An empty one has no settings yet; one that had some is just being written anew.
      const isEmpty = isFirst || !existsSync(this.#path);
      return readSettings(this.#text() || (isEmpty ? '{}' : ''));
    } catch (error) {
      return { values: {}, wrong: String(error) };
    }
  }

  #judge(): void {
    const known = JSON.stringify(this.#problems);
    const unread: Problem[] =
      this.#unread === undefined
        ? []
        : [
            {
              code: 'invalid',
              field: 'file',
              message: `${this.#path} cannot be read: ${this.#unread}`,
              fix: 'correct it; until then the settings before stay in force, after a start what can be read of it',
            },
          ];
    const wrongValues = Object.entries(this.#values).flatMap(([key, value]): Problem[] => {
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
    this.#problems = [...unread, ...wrongValues];
    if (JSON.stringify(this.#problems) === known) return;
    for (const problem of this.#problems)
      this.#log.warn('settings.invalid', problem.message, { key: problem.field });
  }
}
