import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import { fail, problemCodes } from '@tutti/base';
import type { ApiProblem } from '@tutti/common';
import { isAlive, type Paths } from '@tutti/node/instance';
import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

const answerMs = 20_000;

interface Wanted {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** How long the host itself may take, ms; on top of it comes our own patience. */
  readonly waitMs?: number | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: string;
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
    return (await this.#ask(path, {})).body;
  }

  post<T>(path: string, body?: unknown, more: Pick<Wanted, 'waitMs'> = {}): Promise<T> {
    return this.#json<T>(path, { method: 'POST', body, ...more });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>(path, { method: 'PATCH', body });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>(path, { method: 'PUT', body });
  }

  async delete(path: string): Promise<void> {
    await this.#ask(path, { method: 'DELETE' });
  }

  async #json<T>(path: string, wanted: Wanted): Promise<T> {
    const { status, body } = await this.#ask(path, wanted);
    return (status === 204 ? undefined : JSON.parse(body)) as T;
  }

  async #ask(path: string, { method = 'GET', body, waitMs = 0 }: Wanted): Promise<Answer> {
    const patience = AbortSignal.timeout(answerMs + waitMs);
    const { url, token } = this.#address();
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const answer = await exchange(`${url}/api/v1${path}`, { method, headers, signal: patience }, sent).catch(
      () => {
        if (!patience.aborted) throw notRunning();
        throw new CommandError(
          exitCodes.timeout,
          `the host did not answer within ${(answerMs + waitMs) / 1000} s`,
        );
      },
    );
    // Another instance took the port of one that was killed: ours is not running.
    if (answer.status === 401) throw notRunning();
    if (answer.status >= 400) throw failure(answer);
    return answer;
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

/** Not `fetch`, which compiles a parser of its own first: more than half of the time that a command takes. */
function exchange(url: string, options: RequestOptions, body: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (answer) => {
      text(answer).then((got) => resolve({ status: answer.statusCode ?? 0, body: got }), reject);
    });
    asked.on('error', reject).end(body);
  });
}

function notRunning(): CommandError {
  return new CommandError(exitCodes.hostNotRunning, 'the host is not running; start it with "tutti serve"');
}

/** The typed problem that the host answered, or what it said instead. */
function failure({ status, body }: Answer): Error {
  try {
    const { code, field, message, fix } = JSON.parse(body) as ApiProblem;
    const more = { ...(field !== undefined && { field }), ...(fix !== undefined && { fix }) };
    if (problemCodes.includes(code)) return fail(code, message, more);
  } catch {
    // not JSON: said below
  }
  return new CommandError(exitCodes.failed, `the host answered ${status}: ${body.slice(0, 200)}`);
}
