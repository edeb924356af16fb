import { createServer, type Server, type Socket } from 'node:net';
import type { Disposable } from '@tutti/base';
import { RtspConnection, type RtspReply } from './rtsp-connection.ts';
import type { RtspRequest } from './rtsp-message.ts';
import { byId, byName, pathOf } from './rtsp-url.ts';

const maxConnections = 64;
const methods = 'OPTIONS, DESCRIBE, ANNOUNCE, GET_PARAMETER, TEARDOWN';

/** One session that is served, under `/by-name/<name>` and `/by-id/<id>`. */
export interface ServedSession {
  readonly id: string;
  readonly name: string;
  readonly sdp: string;
}

interface Client {
  readonly connection: RtspConnection;
  /** Our address as the client sees it. */
  readonly host: string;
  /** Sessions that it described, with the URI it did so by: these are announced to it when they change. */
  readonly described: Map<string, string>;
}

/** Describes our sessions to RTSP clients, and tells those who asked when one changes. */
export class RtspServer implements Disposable {
  readonly #server: Server;
  readonly #onError: (message: string) => void;
  readonly #isOurs: (address: string) => boolean;
  readonly #clients = new Set<Client>();
  #sessions: readonly ServedSession[] = [];
  #port = 0;

  /** @param isOurs whether connections may come in at that address of this machine */
  constructor(onError: (message: string) => void, isOurs: (address: string) => boolean) {
    this.#onError = onError;
    this.#isOurs = isOurs;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = maxConnections;
  }

  /** Port it listens on; 0 before. */
  get port(): number {
    return this.#port;
  }

  /** Listens on the wanted port, or on a free one where that is taken. Rejects if neither can be had. */
  async listen(wanted: number): Promise<number> {
    const tryPort = (port: number): Promise<void> =>
      new Promise((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(port, '0.0.0.0', () => {
          this.#server.removeListener('error', reject);
          resolve();
        });
      });
    await tryPort(wanted).catch(() => tryPort(0));
    this.#server.on('error', (error) => this.#onError(error.message));
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this.#port;
  }

  /** The whole set from now on; changed descriptions are announced. */
  setSessions(sessions: readonly ServedSession[]): void {
    const before = new Map(this.#sessions.map((each) => [each.id, each]));
    this.#sessions = sessions;
    for (const session of sessions) {
      const known = before.get(session.id);
      if (known !== undefined && known.sdp !== session.sdp) this.#announce(session);
    }
  }

  dispose(): void {
    this.#server.close();
    for (const { connection } of [...this.#clients]) connection.dispose();
  }

  #accept(socket: Socket): void {
    if (!this.#isOurs(socket.localAddress ?? '')) {
      socket.destroy();
      return;
    }
    const client: Client = {
      connection: new RtspConnection({
        socket,
        onRequest: (request) => this.#answer(client, request),
        onEnd: () => this.#clients.delete(client),
      }),
      host: socket.localAddress ?? '',
      described: new Map(),
    };
    this.#clients.add(client);
  }

  #answer(client: Client, request: RtspRequest): RtspReply {
    switch (request.method) {
      case 'OPTIONS':
        return { status: 200, headers: { Public: methods } };
      case 'GET_PARAMETER':
        return { status: 200 };
      case 'TEARDOWN':
        client.described.clear();
        return { status: 200 };
      case 'DESCRIBE':
        return this.#describe(client, request.uri);
      default:
        return { status: 501, headers: { Public: methods } };
    }
  }

  #describe(client: Client, uri: string): RtspReply {
    const [, kind, ...rest] = pathOf(uri)?.split('/') ?? [];
    const wanted = rest.join('/');
    const session = this.#sessions.find(
      ({ id, name }) => (kind === 'by-name' && name === wanted) || (kind === 'by-id' && id === wanted),
    );
    if (session === undefined) return { status: 404 };
    client.described.set(session.id, uri);
    const base = kind === 'by-id' ? byId : byName;
    const headers = {
      'Content-Type': 'application/sdp',
      'Content-Base': `${base(client.host, this.#port, wanted)}/`,
    };
    return { status: 200, headers, body: session.sdp };
  }

  #announce(session: ServedSession): void {
    for (const { connection, described } of this.#clients) {
      const uri = described.get(session.id);
      if (uri === undefined) continue;
      connection
        .request('ANNOUNCE', uri, { headers: { 'Content-Type': 'application/sdp' }, body: session.sdp })
        .catch(() => undefined); // who does not answer asks again when it wants to know
    }
  }
}
