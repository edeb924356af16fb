import { readFileSync } from 'node:fs';
import { fail, problemCodes } from '@tutti/base';
import type { ApiProblem } from '@tutti/common';
import { isAlive, type Paths } from '@tutti/node/instance';
import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

const answerMs = 20_000;

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** How long the host itself may take, ms; on top of it comes our own patience. */
  readonly waitMs?: number | undefined;
}

/** The host API of a running instance, as the command line calls it. */
export class HostApi {
  readonly #paths: Paths;

  constructor(paths: Paths) {
    this.#paths = paths;
  }

  /** Address of the page, with the token. */
  pageUrl(): string {
    const { url, token } = this.#address();
    return `${url}/?token=${token}`;
  }

  hostPid(): number {
    return this.#address().pid;
  }

  get<T>(path: string): Promise<T> {
    return this.#json<T>(path, {});
  }

  async text(path: string): Promise<string> {
    return await (await this.#fetch(path, {})).text();
  }

  post<T>(path: string, body?: unknown, more: Pick<Request, 'waitMs'> = {}): Promise<T> {
    return this.#json<T>(path, { method: 'POST', body, ...more });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>(path, { method: 'PATCH', body });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>(path, { method: 'PUT', body });
  }

  async delete(path: string): Promise<void> {
    await this.#fetch(path, { method: 'DELETE' });
  }

  async #json<T>(path: string, request: Request): Promise<T> {
    const response = await this.#fetch(path, request);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #fetch(path: string, { method = 'GET', body, waitMs = 0 }: Request): Promise<Response> {
    const patienceMs = answerMs + waitMs;
    const { url, token } = this.#address();
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    }).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'TimeoutError') {
        throw new CommandError(exitCodes.timeout, `the host did not answer within ${patienceMs / 1000} s`);
      }
      throw notRunning();
    });
    // Another instance took the port of one that was killed: ours is not running.
    if (response.status === 401) throw notRunning();
    if (!response.ok) throw await failure(response);
    return response;
  }

  /** @throws CommandError if no host runs on the instance. */
  #address(): { readonly url: string; readonly token: string; readonly pid: number } {
    try {
      const info = JSON.parse(readFileSync(this.#paths.hostInfo, 'utf8')) as { url: string; pid: number };
      // Whoever listens on the port of a host that is dead must not be given the token.
      if (!isAlive(info.pid)) throw notRunning();
      return { ...info, token: readFileSync(this.#paths.token, 'utf8').trim() };
    } catch {
      throw notRunning();
    }
  }
}

function notRunning(): CommandError {
  return new CommandError(exitCodes.hostNotRunning, 'the host is not running; start it with "tutti serve"');
}

/** The typed problem that the host answered, or what it said instead. */
async function failure(response: Response): Promise<Error> {
  const text = await response.text();
  try {
    const { code, field, message, fix } = JSON.parse(text) as ApiProblem;
    const more = { ...(field !== undefined && { field }), ...(fix !== undefined && { fix }) };
    if (problemCodes.includes(code)) return fail(code, message, more);
  } catch {
    // not JSON: said below
  }
  return new CommandError(exitCodes.failed, `the host answered ${response.status}: ${text.slice(0, 200)}`);
}
