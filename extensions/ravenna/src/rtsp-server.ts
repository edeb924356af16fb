import { createServer, type Server, type Socket } from 'node:net';
import type { Disposable } from '@tutti/base';
import { readSdp } from '@tutti/model';
import { RtspConnection, type RtspReply } from './rtsp-connection.ts';
import type { RtspRequest } from './rtsp-message.ts';
import { byId, pathOf } from './rtsp-url.ts';

const maxConnections = 64;
const methods = 'OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, PAUSE, GET_PARAMETER, TEARDOWN';

/** Nothing is kept of a session: one name does for all. */
const sessionHeader = { Session: 'multicast;timeout=60' };

/** One session that is served, under `/by-name/<name>` and `/by-id/<id>`. */
export interface ServedSession {
  readonly id: string;
  readonly name: string;
  readonly sdp: string;
  /** Of the interface that it is advertised on; two sessions may have one name on two networks. */
  readonly interfaceAddress: string;
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
    if (!this.#isOurs(socket.localAddress ?? '') || !this.#makeRoom()) {
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

  /** Who asked for nothing has no reason to stay, and makes room for one who may; false if all have asked. */
  #makeRoom(): boolean {
    if (this.#clients.size < maxConnections) return true;
    const idle = [...this.#clients].find(({ described }) => described.size === 0);
    idle?.connection.dispose();
    return idle !== undefined;
  }

  #answer(client: Client, request: RtspRequest): RtspReply {
    switch (request.method) {
      case 'OPTIONS':
        return { status: 200, headers: { Public: methods } };
      case 'GET_PARAMETER':
        return { status: 200 };
      case 'SETUP':
        return this.#setup(client, request);
      case 'PLAY':
      case 'PAUSE':
        // The group is sent to all the time, whoever listens.
        return this.#find(client, request.uri) === undefined
          ? { status: 404 }
          : { status: 200, headers: sessionHeader };
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
    const session = this.#find(client, uri);
    if (session === undefined) return { status: 404 };
    client.described.set(session.id, uri);
    const headers = {
      'Content-Type': 'application/sdp',
      'Content-Base': `${byId(client.host, this.#port, session.id)}/`,
    };
    return { status: 200, headers, body: session.sdp };
  }

  /** RAVENNA needs no SETUP for multicast; players that know nothing of it (ffmpeg, GStreamer) ask, and are told the group. */
  #setup(client: Client, { uri, headers }: RtspRequest): RtspReply {
    const session = this.#find(client, uri);
    if (session === undefined) return { status: 404 };
    const asked = (headers.get('transport') ?? '').split(',');
    const leg = readSdp(session.sdp).session?.streams[0]?.legs[0];
    if (leg === undefined || !asked.some((each) => /^\s*RTP\/AVP(\/UDP)?;(.*;)?multicast/i.test(each)))
      return { status: 461 };
    const { address, port, ttl = 32 } = leg;
    const transport = `RTP/AVP;multicast;destination=${address};port=${port}-${port + 1};ttl=${ttl}`;
    return { status: 200, headers: { ...sessionHeader, Transport: transport } };
  }

  /** Of several that have the name, the one on the network that the client comes from. */
  #find({ host }: Client, uri: string): ServedSession | undefined {
    const path = pathOf(uri);
    const found = this.#sessions.filter(({ id, name }) =>
      [`/by-name/${name}`, `/by-id/${id}`].some((own) => path === own || path === `${own}/`),
    );
    return found.find(({ interfaceAddress }) => interfaceAddress === host) ?? found[0];
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
