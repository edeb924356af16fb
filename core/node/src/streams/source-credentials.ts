import { chmodSync, readFileSync, renameSync } from 'node:fs';
import { createToken } from '@tutti/base';
import { writeAtomically } from '../platform/atomic-file.ts';
import type { Log } from '../platform/log.ts';

/**
 * Users and passwords in the URLs of receivers. They are kept in a file of their own that only the owner may read, apart from the
 * state: what is shown, logged and exported has URLs without them.
 */
export interface SourceCredentials {
  /** The URL as the server wants it: with what is kept for it. */
  complete(url: string): string;
  /** Keeps what was in front of the host, as in `user:password`. */
  keep(split: SplitUrl): Promise<void>;
  /** Those of all other URLs are forgotten. */
  keepOnly(urls: ReadonlySet<string>): Promise<void>;
}

export const SourceCredentialsToken = createToken<SourceCredentials>('SourceCredentials');

/** A URL without user and password, and those. */
export interface SplitUrl {
  readonly url: string;
  readonly userInfo?: string | undefined;
}

/** `rtsp://user:password@host/path` in two. Everything up to the last @ before the path is user and password (as in WHATWG's URL). */
export function splitUserInfo(url: string): SplitUrl {
  const [, scheme = '', userInfo, rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/is.exec(url) ?? [];
  return userInfo === undefined ? { url } : { url: scheme + rest, userInfo };
}

export function joinUserInfo({ url, userInfo }: SplitUrl): string {
  return userInfo === undefined ? url : url.replace('://', () => `://${userInfo}@`);
}

export class FileSourceCredentials implements SourceCredentials {
  readonly #path: string;
  #kept: ReadonlyMap<string, string>;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#kept = this.#read(log);
  }

  complete(url: string): string {
    return joinUserInfo({ url, userInfo: this.#kept.get(url) });
  }

  async keep({ url, userInfo }: SplitUrl): Promise<void> {
    if (userInfo === undefined || this.#kept.get(url) === userInfo) return;
    await this.#write(new Map([...this.#kept, [url, userInfo]]));
  }

  async keepOnly(urls: ReadonlySet<string>): Promise<void> {
    const kept = new Map([...this.#kept].filter(([url]) => urls.has(url)));
    if (kept.size < this.#kept.size) await this.#write(kept);
  }

  /** No earlier version is kept: a password that was taken back must not come back. */
  #write(kept: ReadonlyMap<string, string>): Promise<void> {
    this.#kept = kept;
    const content = `${JSON.stringify({ version: 1, credentials: Object.fromEntries(kept) })}\n`;
    const write = this.#writing.then(() => writeAtomically(this.#path, content));
    this.#writing = write.catch(() => undefined);
    return write;
  }

  #read(log: Log): ReadonlyMap<string, string> {
    try {
      const text = readFileSync(this.#path, 'utf8');
      chmodSync(this.#path, 0o600);
      const stored = parse(text);
      if (stored !== undefined) return stored;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
      throw error;
    }
    const setAside = `${this.#path}.damaged`;
    renameSync(this.#path, setAside);
    log.error('credentials.damaged', `${this.#path} was damaged and is set aside: give the passwords again`, {
      setAside,
    });
    return new Map();
  }
}

function parse(text: string): ReadonlyMap<string, string> | undefined {
  try {
    const { version, credentials } = JSON.parse(text) as { version?: unknown; credentials?: unknown };
    if (version !== 1 || typeof credentials !== 'object' || credentials === null) return undefined;
    const entries: readonly (readonly [string, unknown])[] = Object.entries(credentials);
    const isText = (entry: readonly [string, unknown]): entry is readonly [string, string] =>
      typeof entry[1] === 'string';
    return entries.every(isText) ? new Map(entries) : undefined;
  } catch {
    return undefined;
  }
}
