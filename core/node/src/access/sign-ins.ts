import { createHash, randomBytes } from 'node:crypto';
import { createToken, fail, type Disposable } from '@tutti/base';
import type { AccessRole } from '@tutti/common';
import type { Log } from '../platform/log.ts';
import type { Passwords } from './passwords.ts';

/** Who signed in with a password. Kept in memory: with the host's end everybody is signed out. */
export interface SignIns {
  /**
   * @param address where it comes from: who guesses has to wait longer and longer.
   * @returns the secret of the new sign-in, for a cookie.
   * @throws TuttiError `permission` if the password is wrong, `limit` if too many were wrong.
   */
  signIn(password: string, address: string): Promise<{ readonly secret: string; readonly role: AccessRole }>;
  roleOf(secret: string): AccessRole | undefined;
  signOut(secret: string): void;
}

export const SignInsToken = createToken<SignIns>('SignIns');

/** Without a request for this long a sign-in ends: a show's day is longer than its night. */
const idleMs = 24 * 3600 * 1000;
const maxSignIns = 256;
const maxAddresses = 1024;
/** This many wrong passwords from one address are free; each further one doubles the wait, up to a minute. */
const freeFailures = 5;
const maxWaitMs = 60_000;

interface SignIn {
  readonly role: AccessRole;
  usedAt: number;
}

export class MemorySignIns implements SignIns, Disposable {
  readonly #passwords: Passwords;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #watch: Disposable;
  /** By the hash of the secret, so that looking one up tells nothing through its duration. */
  readonly #signIns = new Map<string, SignIn>();
  readonly #failures = new Map<string, { readonly count: number; readonly until: number }>();

  constructor(passwords: Passwords, log: Log, now: () => number = () => performance.now()) {
    [this.#passwords, this.#log, this.#now] = [passwords, log, now];
    this.#watch = passwords.onDidChange((role) => this.#endAll(role));
  }

  async signIn(password: string, address: string): Promise<{ secret: string; role: AccessRole }> {
    const { count = 0, until = 0 } = this.#failures.get(address) ?? {};
    const wait = until - this.#now();
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000);
      throw fail('limit', `too many wrong passwords: wait ${seconds} s`, { field: 'password' });
    }
    // Before it is known to be wrong: of tries that are made at once each one counts.
    this.#charge(address, count + 1);
    const role = await this.#passwords.roleOf(password);
    if (role === undefined) {
      this.#log.warn('access.refused', `a wrong password from ${address}`, { address, count: count + 1 });
      throw fail('permission', 'the password is wrong', { field: 'password' });
    }
    this.#failures.delete(address);
    const secret = randomBytes(24).toString('base64url');
    dropOldest(this.#signIns, maxSignIns - 1);
    this.#signIns.set(digest(secret), { role, usedAt: this.#now() });
    this.#log.info('access.signedIn', `${address} signed in as ${role}`, { address, role });
    return { secret, role };
  }

  roleOf(secret: string): AccessRole | undefined {
    const key = digest(secret);
    const found = this.#signIns.get(key);
    if (found === undefined) return undefined;
    if (this.#now() - found.usedAt > idleMs) {
      this.#signIns.delete(key);
      return undefined;
    }
    found.usedAt = this.#now();
    return found.role;
  }

  signOut(secret: string): void {
    this.#signIns.delete(digest(secret));
  }

  dispose(): void {
    this.#watch.dispose();
    this.#signIns.clear();
  }

  #charge(address: string, count: number): void {
    const wait = count < freeFailures ? 0 : Math.min(maxWaitMs, 1000 * 2 ** (count - freeFailures));
    this.#failures.delete(address); // to the end of the map: the oldest are forgotten first
    dropOldest(this.#failures, maxAddresses - 1);
    this.#failures.set(address, { count, until: this.#now() + wait });
  }

  #endAll(role: AccessRole): void {
    for (const [key, each] of this.#signIns) if (each.role === role) this.#signIns.delete(key);
  }
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

function dropOldest(map: Map<string, unknown>, keep: number): void {
  for (const key of map.keys()) {
    if (map.size <= keep) return;
    map.delete(key);
  }
}
