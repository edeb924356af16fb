import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { TuttiError } from '@tutti/base';
import {
  encodeMeterFrame,
  type ContributionMessage,
  type ContributionsInfo,
  type HostState,
  type StateMessage,
} from '@tutti/common';
import { answer } from './answers.ts';
import type { Reply } from './reply.ts';
import { sampleEvents } from './sample-extras.ts';
import { noContributions } from './sample-contributions.ts';
import { sampleState } from './sample-state.ts';
import { later, peaksAt } from './signal.ts';
import { pageFile } from './page-file.ts';

export const contentSecurityPolicy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const token = 'stand-in';
const settingsText = '{\n  // far away\n  "senders.ttl": 8\n}\n';
const statusOf = { invalid: 422, notFound: 404, conflict: 409 } as Readonly<Record<string, number>>;

/** A host without an engine: serves the built page and speaks the host API with data that change, for the page's tests. */
export class StandInHost {
  state: HostState = sampleState('');
  events = sampleEvents();
  contributions: ContributionsInfo = noContributions;
  settingsText = settingsText;
  /** Requests that changed something, as `POST /receivers {...}`. */
  readonly changes: string[] = [];
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  /** Those that hear levels. */
  readonly #listeners = new WebSocketServer({ noServer: true });
  #timers: NodeJS.Timeout[] = [];

  constructor() {
    this.#http = createServer((request, response) => void this.#serve(request, response));
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.#knows(request) && request.url === '/api/v1/levels') {
        this.#listeners.handleUpgrade(request, socket, head, () => undefined);
        return;
      }
      if (!this.#knows(request) || request.url !== '/api/v1/ws') {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        client.send(JSON.stringify({ kind: 'snapshot', state: this.state } satisfies StateMessage));
      });
    });
  }

  /** Starts on a port (any free one for 0) and returns the address that signs a browser in. */
  async start(port = 0): Promise<string> {
    await new Promise<void>((done) => this.#http.listen(port, '127.0.0.1', done));
    const started = performance.now();
    this.#timers = [
      setInterval(() => this.#sendMeters((performance.now() - started) / 1000), 40),
      setInterval(() => this.change(later(this.state, 0.5)), 500),
    ];
    return `${this.origin}/?token=${token}`;
  }

  /** As new, without telling the pages that are open. */
  reset(): void {
    this.state = sampleState('');
    this.events = sampleEvents();
    this.settingsText = settingsText;
    this.contributions = noContributions;
    this.changes.length = 0;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** How many pages hear levels. */
  get listeners(): number {
    return this.#listeners.clients.size;
  }

  /** Changes the state and tells every page. */
  change(part: Partial<HostState>): void {
    this.state = { ...this.state, ...part };
    for (const client of this.#sockets.clients)
      client.send(JSON.stringify({ kind: 'delta', state: part } satisfies StateMessage));
  }

  /** Tells every page of something that extensions contribute. */
  tell(message: ContributionMessage): void {
    for (const client of this.#sockets.clients) client.send(JSON.stringify(message));
  }

  /** Cuts every connection, as a crash would. The address stays the same for {@link start}. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const { clients } of [this.#sockets, this.#listeners])
      for (const client of clients as Set<WebSocket>) client.terminate();
    const closed = new Promise<void>((done) => this.#http.close(() => done()));
    this.#http.closeAllConnections();
    await closed;
  }

  #sendMeters(seconds: number): void {
    if (this.#listeners.clients.size === 0) return;
    const frame = encodeMeterFrame(peaksAt(this.state, seconds));
    for (const client of this.#listeners.clients) client.send(frame);
  }

  #knows(request: IncomingMessage): boolean {
    return (request.headers.cookie ?? '').includes(`tutti=${token}`);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    if (url.searchParams.get('token') === token) {
      send(response, { status: 303, type: 'text/plain', body: '' }, [
        ['location', '/'],
        ['set-cookie', `tutti=${token}; HttpOnly; SameSite=Strict; Path=/`],
      ]);
    } else if (!url.pathname.startsWith('/api/v1/')) {
      send(response, pageFile(url.pathname));
    } else if (!this.#knows(request)) {
      send(response, { status: 401, type: 'text/plain', body: '' });
    } else {
      send(response, await this.#answer(request, url.pathname.slice('/api/v1'.length) + url.search));
    }
  }

  async #answer(request: IncomingMessage, path: string): Promise<Reply> {
    const method = request.method ?? 'GET';
    const body = await bodyOf(request);
    try {
      const reply = answer(this, method, path, body);
      if (method !== 'GET' && path !== '/sdp/check') this.changes.push(`${method} ${path} ${body}`.trim());
      return reply;
    } catch (error) {
      if (!(error instanceof TuttiError)) throw error;
      const status = statusOf[error.problem.code] ?? 500;
      const problem = { type: 'about:blank', title: error.problem.code, status, ...error.problem };
      return { status, type: 'application/problem+json', body: JSON.stringify(problem) };
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(
  response: ServerResponse,
  reply: Reply,
  headers: readonly (readonly [string, string])[] = [],
): void {
  response.statusCode = reply.status;
  response.setHeader('content-type', reply.type);
  response.setHeader('content-security-policy', contentSecurityPolicy);
  for (const [name, value] of headers) response.setHeader(name, value);
  response.end(reply.body);
}
