import { createSocket, type Socket } from 'node:dgram';
import type { ReceptionSink, ReceptionTransport } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { refusalHint } from './rtsp-authentication.ts';
import type { RtspConnection } from './rtsp-connection.ts';
import { answerAnnouncement, describe } from './rtsp-description.ts';
import { RtspLink } from './rtsp-link.ts';
import type { RtspResponse } from './rtsp-message.ts';
import {
  readSession,
  refuseTransport,
  resolveControl,
  sessionControl,
  writeTransport,
  type RtspSession,
} from './rtsp-transport.ts';
import type { RtspUrl } from './rtsp-url.ts';

/** Signs of life are sent twice within a session's timeout, and at least this often, seconds. */
const longestBeat = 30;
const shortestBeat = 1;
/** Who does not answer TEARDOWN is left alone. */
const goodbyeMs = 1000;

interface OpenSession extends RtspSession {
  /** Controls all of its streams. */
  readonly url: string;
}

/**
 * One stream that a server sends to us by unicast (RFC 2326): DESCRIBE, SETUP, PLAY, signs of life within the session's
 * timeout, TEARDOWN at the end. When the connection breaks the session is taken up again by another one, and set up anew
 * only where the server has forgotten it.
 */
export class RtspReception implements Disposable {
  readonly #url: RtspUrl;
  readonly #transport: ReceptionTransport;
  readonly #sink: ReceptionSink;
  readonly #link: RtspLink;
  readonly #rtcp: Socket;
  #session: OpenSession | undefined;
  /** Some servers know no GET_PARAMETER. */
  #signOfLife: 'GET_PARAMETER' | 'OPTIONS' = 'GET_PARAMETER';
  #isSettingUp = false;
  #isDisposed = false;

  constructor(url: RtspUrl, transport: ReceptionTransport, sink: ReceptionSink) {
    this.#url = url;
    this.#transport = transport;
    this.#sink = sink;
    this.#rtcp = takeIn(transport.address, transport.port + 1);
    this.#link = new RtspLink({
      place: url,
      // Servers send to where they are asked from.
      localAddress: transport.address,
      connected: (connection) => this.#connected(connection),
      answer: (request) =>
        answerAnnouncement(request, (sdp) => {
          if (!this.#isDisposed) sink.described(sdp);
        }),
      failed: (reason) => sink.failed(reason),
    });
  }

  /** The server is told, in the same turn, so that it hears it even if this process ends now. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#rtcp.close();
    const connection = this.#link.release();
    // While SETUP waits for its answer nobody knows what to tear down: `#begin` does, when it comes.
    if (connection !== undefined && !this.#isSettingUp) this.#sayGoodbye(connection);
  }

  async #connected(connection: RtspConnection): Promise<void> {
    const { sdp, base } = await describe(connection, [this.#url]);
    if (this.#isDisposed) return;
    this.#sink.described(sdp);
    const session = (await this.#takeUp(connection)) ?? (await this.#begin(connection, sdp, base));
    if (this.#isDisposed) return;
    this.#sink.opened();
    const seconds = Math.min(longestBeat, Math.max(shortestBeat, session.timeout / 2));
    this.#link.beat(connection, seconds * 1000, async () => {
      if (!(await this.#isAlive(connection, session))) throw new Error('the server has ended the session');
    });
  }

  /**
   * A session does not end with its connection (RFC 2326 section 3): the one that we had, if the server has it still. PLAY of
   * a stream that plays changes nothing (section 10.5), and what has forgotten it does not play.
   */
  async #takeUp(connection: RtspConnection): Promise<OpenSession | undefined> {
    const session = this.#session;
    if (session === undefined) return undefined;
    const headers = { Session: session.id };
    const { status } = await connection.request('PLAY', session.url, { headers });
    if (status === 200) return session;
    this.#session = undefined;
    return undefined;
  }

  async #begin(connection: RtspConnection, sdp: string, base: string): Promise<OpenSession> {
    const { control, port } = this.#transport;
    const whole = resolveControl(sessionControl(sdp), base);
    this.#isSettingUp = true;
    const setup = await connection
      .request('SETUP', resolveControl(control, base), { headers: { Transport: writeTransport(port) } })
      .finally(() => (this.#isSettingUp = false));
    const opened = setup.status === 200 ? readSession(setup.headers.get('session')) : undefined;
    if (opened !== undefined) this.#session = { ...opened, url: whole };
    if (this.#isDisposed) {
      this.#sayGoodbye(connection);
      throw new Error('it is not wanted any more');
    }
    refuse('SETUP', setup, this.#url);
    const session = this.#session;
    if (session === undefined) throw new Error('SETUP was answered without a session');
    const wrong = refuseTransport(setup.headers.get('transport') ?? '', port);
    if (wrong !== undefined) {
      await this.#tearDown(connection).catch(() => undefined);
      throw new Error(wrong);
    }
    refuse('PLAY', await connection.request('PLAY', whole, { headers: { Session: session.id } }), this.#url);
    return session;
  }

  /** Tells the server that we are there. False if it does not know the session any more. */
  async #isAlive(connection: RtspConnection, { id, url }: OpenSession): Promise<boolean> {
    const tell = (): Promise<RtspResponse> =>
      connection.request(this.#signOfLife, url, { headers: { Session: id } });
    let { status } = await tell();
    if (status !== 200 && status !== 454 && this.#signOfLife === 'GET_PARAMETER') {
      this.#signOfLife = 'OPTIONS';
      ({ status } = await tell());
    }
    return status !== 454;
  }

  async #tearDown(connection: RtspConnection): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined)
      await connection.request('TEARDOWN', session.url, { headers: { Session: session.id } });
  }

  #sayGoodbye(connection: RtspConnection): void {
    const enough = setTimeout(() => connection.dispose(), goodbyeMs);
    void this.#tearDown(connection)
      .catch(() => undefined)
      .then(() => {
        clearTimeout(enough);
        connection.dispose();
      });
  }
}

function refuse(method: string, { status, reason }: RtspResponse, { credentials }: RtspUrl): void {
  if (status === 200) return;
  const hint = status === 461 ? '; it does not send by unicast over UDP' : refusalHint(status, credentials);
  throw new Error(`${method} was refused: ${status} ${reason}${hint}`);
}

/** RTCP of the sender comes to a port that is there, so that its system does not hear that it is not; nothing is done with it. */
function takeIn(address: string, port: number): Socket {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.on('message', () => undefined);
  socket.bind({ address, port, exclusive: true });
  return socket.unref();
}
