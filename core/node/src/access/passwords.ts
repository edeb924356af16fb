import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, renameSync } from 'node:fs';
import { createToken, Emitter, fail, type Disposable, type Event } from '@tutti/base';
import { accessRoles, type AccessRole } from '@tutti/common';
import { writeAtomically } from '../platform/atomic-file.ts';
import type { Log } from '../platform/log.ts';

export const passwordLength = { min: 8, max: 256 };

/** scrypt (RFC 7914) with 32 MiB of memory: about a tenth of a second a try. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const hashBytes = 32;
/** Tries that may wait: what comes from many addresses at once must not keep the next one waiting for minutes. */
const maxWaiting = 16;

interface StoredPassword {
  readonly salt: string;
  readonly hash: string;
}
type StoredPasswords = Partial<Record<AccessRole, StoredPassword>>;

/** The passwords of this instance, one a role; only salted hashes are kept, in a file that only the owner may read. */
export interface Passwords {
  has(role: AccessRole): boolean;
  /** @throws TuttiError `invalid` if it is too short or too long, or is the other role's. */
  set(role: AccessRole, password: string): Promise<void>;
  remove(role: AccessRole): Promise<void>;
  /**
   * Whose password it is. One try at a time: guessing in parallel gains nothing and costs this machine no more.
   * @throws TuttiError `limit` while too many wait already.
   */
  roleOf(password: string): Promise<AccessRole | undefined>;
  /** The role whose password is another one, or none, from now on. */
  readonly onDidChange: Event<AccessRole>;
}

export const PasswordsToken = createToken<Passwords>('Passwords');

export class FilePasswords implements Passwords, Disposable {
  readonly #path: string;
  readonly #log: Log;
  readonly #emitter = new Emitter<AccessRole>();
  #stored: StoredPasswords;
  #trying: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  readonly onDidChange = this.#emitter.event;

  constructor(path: string, log: Log) {
    [this.#path, this.#log] = [path, log];
    this.#stored = this.#read();
  }

  has(role: AccessRole): boolean {
    return this.#stored[role] !== undefined;
  }

  async set(role: AccessRole, password: string): Promise<void> {
    const { length } = password;
    if (length < passwordLength.min || length > passwordLength.max) {
      throw fail('invalid', `a password has ${passwordLength.min} to ${passwordLength.max} characters`, {
        field: 'password',
      });
    }
    const owner = await this.#match(password); // out of turn: who may set one does not guess
    if (owner !== undefined && owner !== role) {
      throw fail('invalid', `this is the password of the role ${owner}`, {
        field: 'password',
        fix: 'choose another: the password tells the roles apart',
      });
    }
    const salt = randomBytes(16);
    const hash = await hashOf(password, salt);
    const stored = { salt: salt.toString('base64'), hash: hash.toString('base64') };
    await this.#write({ ...this.#stored, [role]: stored }, role);
    this.#log.info('access.passwordSet', `the password of the role ${role} was set`, { role });
  }

  async remove(role: AccessRole): Promise<void> {
    if (!this.has(role)) return;
    const rest = Object.fromEntries(Object.entries(this.#stored).filter(([each]) => each !== role));
    await this.#write(rest, role);
    this.#log.info('access.passwordRemoved', `the role ${role} has no password any more`, { role });
  }

  async roleOf(password: string): Promise<AccessRole | undefined> {
    if (this.#waiting >= maxWaiting)
      throw fail('limit', 'too many passwords are being tried: try again in a few seconds', {
        field: 'password',
      });
    this.#waiting += 1;
    const attempt = this.#trying.then(() => this.#match(password));
    this.#trying = attempt.catch(() => undefined).finally(() => (this.#waiting -= 1));
    return attempt;
  }

  dispose(): void {
    this.#emitter.dispose();
  }

  /** Every role is tried, right or wrong, so that time does not tell which one it was. */
  async #match(password: string): Promise<AccessRole | undefined> {
    let found: AccessRole | undefined;
    for (const role of accessRoles) {
      const stored = this.#stored[role];
      if (stored === undefined) continue;
      const hash = await hashOf(password.slice(0, passwordLength.max), Buffer.from(stored.salt, 'base64'));
      const wanted = Buffer.from(stored.hash, 'base64');
      if (hash.length === wanted.length && timingSafeEqual(hash, wanted)) found ??= role;
    }
    return found;
  }

  async #write(next: StoredPasswords, role: AccessRole): Promise<void> {
    // No earlier version is kept: a password that was taken back must not come back.
    await writeAtomically(this.#path, `${JSON.stringify({ version: 1, passwords: next })}\n`);
    this.#stored = next;
    this.#emitter.fire(role);
  }

  #read(): StoredPasswords {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
      chmodSync(this.#path, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
    const stored = parse(text);
    if (stored !== undefined) return stored;
    const setAside = `${this.#path}.damaged`;
    renameSync(this.#path, setAside);
    this.#log.error('access.damaged', `${this.#path} was damaged and is set aside: no password is valid`, {
      setAside,
    });
    return {};
  }
}

function parse(text: string): StoredPasswords | undefined {
  try {
    const { version, passwords } = JSON.parse(text) as { version?: unknown; passwords?: unknown };
    if (version !== 1 || typeof passwords !== 'object' || passwords === null) return undefined;
    const entries = Object.entries(passwords);
    return entries.every(([role, each]) => isRole(role) && isStoredPassword(each))
      ? (Object.fromEntries(entries) as StoredPasswords)
      : undefined;
  } catch {
    return undefined;
  }
}

function isRole(text: string): text is AccessRole {
  return (accessRoles as readonly string[]).includes(text);
}

function isStoredPassword(value: unknown): value is StoredPassword {
  if (typeof value !== 'object' || value === null) return false;
  const { salt, hash } = value as Partial<Record<string, unknown>>;
  return typeof salt === 'string' && typeof hash === 'string';
}

function hashOf(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hashBytes, cost, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    );
  });
}
