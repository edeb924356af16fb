import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import type { ReceptionSink } from '@tutti/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { until } from '@tutti/test';
import { RtspParser, writeRtsp, type RtspRequest } from '../src/rtsp-message.ts';
import { RtspReception } from '../src/rtsp-reception.ts';
import { readRtspUrl, type RtspUrl } from '../src/rtsp-url.ts';

vi.setConfig({ testTimeout: 60_000 });
const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanup.splice(0).reverse()) clean();
});

const port = 29_900;
const sdp = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=Unicast', 't=0 0', 'a=control:*'],
  ...['m=audio 0 RTP/AVP 96', 'c=IN IP4 0.0.0.0', 'a=rtpmap:96 L24/48000/2', 'a=control:stream=0', ''],
].join('\r\n');

type Answer = {
  readonly status?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** A server of unicast streams whose odd answers a test decides; what it is not asked by the test it does right. */
class Server {
  readonly asked: RtspRequest[] = [];
  readonly sockets: Socket[] = [];
  odd: (request: RtspRequest) => Answer | undefined = () => undefined;
  port = 0;

  static async start(): Promise<Server> {
    const server = new Server();
    const listener = createServer((socket) => {
      server.sockets.push(socket);
      const parser = new RtspParser();
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        for (const message of parser.push(chunk))
          if (message.kind === 'request') server.#answer(socket, message);
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    cleanup.push(() => {
      for (const socket of server.sockets) socket.destroy();
      listener.close();
    });
    const address = listener.address();
    server.port = typeof address === 'object' && address ? address.port : 0;
    return server;
  }

  get methods(): readonly string[] {
    return this.asked.map(({ method }) => method);
  }

  get url(): RtspUrl {
    const url = readRtspUrl(`rtsp://127.0.0.1:${this.port}/mix`);
    if (url === undefined) throw new Error('that is one');
    return url;
  }

  #answer(socket: Socket, request: RtspRequest): void {
    this.asked.push(request);
    const { status = '200 OK', headers = {}, body = '' } = this.odd(request) ?? this.#usual(request);
    const cseq = { CSeq: request.headers.get('cseq') ?? '' };
    socket.write(writeRtsp({ start: `RTSP/1.0 ${status}`, headers: { ...cseq, ...headers }, body }));
  }

  #usual({ method, uri, headers }: RtspRequest): Answer {
    if (method === 'DESCRIBE')
      return { headers: { 'Content-Type': 'application/sdp', 'Content-Base': `${uri}/` }, body: sdp };
    if (method === 'SETUP')
      return {
        headers: {
          Session: '4711;timeout=2',
          Transport: `${headers.get('transport') ?? ''};server_port=6000-6001;source=127.0.0.1`,
        },
      };
    return {};
  }
}

class Sink implements ReceptionSink {
  readonly said: string[] = [];
  described(text: string): void {
    if (text === sdp) this.said.push('described');
  }
  opened(): void {
    this.said.push('opened');
  }
  failed(reason: string): void {
    this.said.push(reason);
  }
}

function receive(server: Server, control = 'stream=0'): { sink: Sink; reception: RtspReception } {
  const sink = new Sink();
  const reception = new RtspReception(server.url, { control, address: '127.0.0.1', port }, sink);
  cleanup.push(() => reception.dispose());
  return { sink, reception };
}

describe('a stream that is asked for', () => {
  it('is set up for our ports, played as a whole, kept alive within the timeout, and torn down', async () => {
    const server = await Server.start();
    const { sink, reception } = receive(server);
    await until(
      'two signs of life',
      () => server.methods.filter((each) => each === 'GET_PARAMETER').length >= 2,
    );
    expect(sink.said).toEqual(['described', 'opened']);
    reception.dispose();
    await until('the end', () => server.methods.at(-1) === 'TEARDOWN');
    const [, setup, play] = server.asked;
    expect(setup?.uri).toBe(`${server.url.text}/stream=0`);
    expect(setup?.headers.get('transport')).toBe(`RTP/AVP;unicast;client_port=${port}-${port + 1}`);
    expect(play).toMatchObject({ method: 'PLAY', uri: `${server.url.text}/` });
    expect(new Set(server.asked.slice(2).map(({ headers }) => headers.get('session')))).toEqual(
      new Set(['4711']),
    );
    await until('the connection to be closed', () => server.sockets.every(({ destroyed }) => destroyed));
  });

  it('holds the port of RTCP for as long as it is there', async () => {
    const server = await Server.start();
    const { sink, reception } = receive(server);
    const isFree = (): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = createSocket('udp4').once('error', () => resolve(false));
        socket.bind({ address: '127.0.0.1', port: port + 1, exclusive: true }, () =>
          socket.close(() => resolve(true)),
        );
      });
    await until('it to be open', () => sink.said.includes('opened'));
    expect(await isFree()).toBe(false);
    reception.dispose();
    await until('the port to be free', isFree);
  });

  it('is kept alive by OPTIONS where a server knows no GET_PARAMETER', async () => {
    const server = await Server.start();
    server.odd = ({ method }) => (method === 'GET_PARAMETER' ? { status: '501 Not Implemented' } : undefined);
    const { sink } = receive(server);
    await until('signs of life', () => server.methods.filter((each) => each === 'OPTIONS').length >= 2);
    expect(server.methods.filter((each) => each === 'GET_PARAMETER')).toHaveLength(1);
    expect(sink.said).toEqual(['described', 'opened']);
  });

  it('is taken up again by another connection, and set up anew only where the server has forgotten it', async () => {
    const server = await Server.start();
    const { sink } = receive(server);
    await until('it to be open', () => sink.said.includes('opened'));
    server.sockets.at(-1)?.destroy();
    await until('it to go on', () => sink.said.filter((each) => each === 'opened').length === 2);
    expect(server.methods.filter((each) => each === 'SETUP')).toHaveLength(1);
    server.odd = ({ headers }) =>
      headers.get('session') === '4711' && server.methods.filter((each) => each === 'SETUP').length < 2
        ? { status: '454 Session Not Found' }
        : undefined;
    await until('another session', () => sink.said.filter((each) => each === 'opened').length === 3, 20_000);
    expect(server.methods.filter((each) => each === 'SETUP')).toHaveLength(2);
    expect(sink.said).toContain('the server has ended the session');
  });

  it.each([
    [
      '461 Unsupported Transport',
      {},
      'SETUP was refused: 461 Unsupported Transport; it does not send by unicast over UDP',
    ],
    [
      '401 Unauthorized',
      {},
      'SETUP was refused: 401 Unauthorized; it wants a user and a password: rtsp://user:password@...',
    ],
    ['200 OK', {}, 'SETUP was answered without a session'],
    ['200 OK', { Session: '1', Transport: 'RTP/AVP/TCP;interleaved=0-1' }, 'it answered with the transport'],
    [
      '200 OK',
      { Session: '1', Transport: 'RTP/AVP;unicast;client_port=9-10' },
      `it sends to port 9-10 instead of ${port}`,
    ],
  ])('says why it does not come when SETUP is answered with %s %j', async (status, headers, why) => {
    const server = await Server.start();
    server.odd = ({ method }) => (method === 'SETUP' ? { status, headers } : undefined);
    const { sink } = receive(server);
    await until('that to be said', () => sink.said.some((each) => each.startsWith(why)));
    expect(server.methods).not.toContain('PLAY');
    // What was opened all the same is closed again.
    expect(server.methods.includes('TEARDOWN')).toBe('Transport' in headers);
  });

  it('is torn down even if nobody wants it any more when SETUP is answered', async () => {
    const server = await Server.start();
    const { sink, reception } = receive(server);
    server.odd = ({ method }) => {
      if (method === 'SETUP') reception.dispose();
      return undefined;
    };
    await until('the end', () => server.methods.at(-1) === 'TEARDOWN');
    expect(server.methods).toEqual(['DESCRIBE', 'SETUP', 'TEARDOWN']);
    expect(sink.said).toEqual(['described']);
  });

  it('has its new description told when its server announces one', async () => {
    const server = await Server.start();
    const { sink } = receive(server);
    await until('it to be open', () => sink.said.includes('opened'));
    const start = `ANNOUNCE ${server.url.text} RTSP/1.0`;
    server.sockets[0]?.write(
      writeRtsp({ start, headers: { CSeq: '7', 'Content-Type': 'application/sdp' }, body: sdp }),
    );
    await until('it to be told', () => sink.said.filter((each) => each === 'described').length === 2);
  });
});
