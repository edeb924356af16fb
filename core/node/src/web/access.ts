import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';

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

/**
 * Who may talk to the host API. The token keeps other users of this machine out; `Host` and `Origin` keep out web pages
 * that a browser of this user has open, also those that let their name point here (DNS rebinding).
 */
export class Access {
  readonly #token: Buffer;
  #hosts: ReadonlySet<string> = new Set();
  #cookieName = 'tutti';

  constructor(token: string) {
    this.#token = Buffer.from(token);
  }

  /** Names under which the server may be addressed, once its port is known. */
  serveAs(host: string, port: number): void {
    const names = ['127.0.0.1', 'localhost', '[::1]', host.includes(':') ? `[${host}]` : host];
    this.#hosts = new Set(names.map((name) => `${name}:${port}`));
    this.#cookieName = `tutti-${port}`;
  }

  /** Browsers share cookies among the ports of a host: instances on one machine need names of their own. */
  get cookieName(): string {
    return this.#cookieName;
  }

  /**
   * For every request, also for the page itself and for a WebSocket.
   *
   * @param isWebView a sandboxed page asks for its own files; its origin is `null`.
   */
  refuseOrigin(headers: IncomingHttpHeaders, isWebView = false): Refusal | undefined {
    if (!this.#hosts.has((headers.host ?? '').toLowerCase())) {
      return { status: 403, message: 'this host name is not served here' };
    }
    const { origin } = headers;
    if (isWebView && origin === 'null') return undefined;
    if (origin !== undefined && !this.#hosts.has(origin.toLowerCase().replace(/^http:\/\//, ''))) {
      return { status: 403, message: 'requests from pages of other origins are not served' };
    }
    return undefined;
  }

  /** For everything below /api. */
  refuseToken(headers: IncomingHttpHeaders): Refusal | undefined {
    const bearer = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(headers.authorization ?? '')?.[1];
    const cookies = (headers.cookie ?? '').split(';').map((each) => each.trim());
    const cookie = cookies
      .find((each) => each.startsWith(`${this.#cookieName}=`))
      ?.slice(this.#cookieName.length + 1);
    if (this.isToken(bearer) || this.isToken(cookie)) return undefined;
    return {
      status: 401,
      message: 'a token is needed: open the address that "tutti open" or "tutti serve" shows',
    };
  }

  /** Takes as long for a wrong token as for the right one. */
  isToken(text: string | undefined): boolean {
    const given = Buffer.from(text ?? '');
    return given.length === this.#token.length && timingSafeEqual(given, this.#token);
  }
}
