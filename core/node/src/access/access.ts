import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessRole } from '@tutti/common';
import type { SignIns } from './sign-ins.ts';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

const tokenPattern = /^[A-Za-z0-9_-]{32,128}$/;

/** The instance's secret: read, or made at the first start. Only the owner may read it. */
export function loadToken(path: string): string {
  try {
    const token = readFileSync(path, 'utf8').trim();
    chmodSync(path, 0o600);
    if (tokenPattern.test(token)) return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(24).toString('base64url');
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return token;
}

/** Names of this machine on itself. */
export const loopbackNames: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

export interface AccessOptions {
  readonly scheme: 'http' | 'https';
  /** Names and addresses, IPv6 ones in brackets, under which the server may be addressed; asked at every request. */
  readonly names: () => readonly string[];
}

/**
 * Who may talk to the host API on one address of it. The token and the passwords keep other people out; `Host` and `Origin`
 * keep out web pages that a browser of this user has open, also those that let their name point here (DNS rebinding).
 */
export class Access {
  readonly #token: Buffer;
  readonly #signIns: SignIns;
  readonly #options: AccessOptions;
  #port = 0;
  #host: string | undefined;

  constructor(token: string, signIns: SignIns, options: AccessOptions) {
    this.#token = Buffer.from(token);
    [this.#signIns, this.#options] = [signIns, options];
  }

  /** Once it is known where it listens; a wildcard address is no name of it. */
  serveAt(host: string, port: number): void {
    this.#port = port;
    if (host !== '0.0.0.0' && host !== '::') this.#host = host.includes(':') ? `[${host}]` : host;
  }

  /** Makes the browser remember a secret, the token or that of a sign-in, where scripts cannot read it. */
  cookieOf(secret: string): string {
    const secure = this.#options.scheme === 'https' ? '; Secure' : '';
    return `${this.#cookieName}=${secret}; Path=/; HttpOnly; SameSite=Strict${secure}`;
  }

  /** Makes it forget. */
  get noCookie(): string {
    return `${this.cookieOf('')}; Max-Age=0`;
  }

  /**
   * For every request, also for the page itself and for a WebSocket.
   *
   * @param isWebView a sandboxed page asks for its own files; its origin is `null`.
   */
  refuseOrigin(headers: IncomingHttpHeaders, isWebView = false): Refusal | undefined {
    const names = [...this.#options.names(), ...(this.#host === undefined ? [] : [this.#host])];
    const hosts = names.map((name) => `${name}:${this.#port}`.toLowerCase());
    if (!hosts.includes((headers.host ?? '').toLowerCase())) {
      return { status: 403, message: 'this host name is not served here' };
    }
    const { origin } = headers;
    const origins = hosts.map((host) => `${this.#options.scheme}://${host}`);
    if (isWebView && origin === 'null') return undefined;
    if (origin !== undefined && !origins.includes(origin.toLowerCase())) {
      return { status: 403, message: 'requests from pages of other origins are not served' };
    }
    return undefined;
  }

  /** Who asks; undefined: nobody we know. */
  roleOf(headers: IncomingHttpHeaders): AccessRole | undefined {
    const bearer = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(headers.authorization ?? '')?.[1];
    const cookie = this.secretOf(headers);
    if (this.isToken(bearer) || this.isToken(cookie)) return 'admin';
    return cookie === undefined ? undefined : this.#signIns.roleOf(cookie);
  }

  /** What the cookie holds. */
  secretOf(headers: IncomingHttpHeaders): string | undefined {
    const cookies = (headers.cookie ?? '').split(';').map((each) => each.trim());
    const cookie = cookies.find((each) => each.startsWith(`${this.#cookieName}=`));
    return cookie?.slice(this.#cookieName.length + 1) || undefined;
  }

  /** For everything below /api that is not open to all. */
  refuseRole(role: AccessRole | undefined, changes: boolean): Refusal | undefined {
    if (role === undefined) {
      const message =
        'a token or a sign-in is needed: open the address that "tutti open" or "tutti serve" shows';
      return { status: 401, message };
    }
    return role === 'viewer' && changes
      ? { status: 403, message: 'you are signed in to look only: nothing was changed' }
      : undefined;
  }

  /** Takes as long for a wrong token as for the right one. */
  isToken(text: string | undefined): boolean {
    const given = Buffer.from(text ?? '');
    return given.length === this.#token.length && timingSafeEqual(given, this.#token);
  }

  /** Browsers share cookies among the ports of a host: instances on one machine need names of their own. */
  get #cookieName(): string {
    return `tutti-${this.#port}`;
  }
}
