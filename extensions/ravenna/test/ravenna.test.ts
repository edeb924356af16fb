import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { MdnsService } from '@tutti/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RavennaDiscovery } from '../src/ravenna-discovery.ts';
import { RavennaPublisher } from '../src/ravenna-publisher.ts';
import { describeOnce } from '../src/rtsp-description.ts';
import { RtspServer } from '../src/rtsp-server.ts';
import { RtspParser, writeRtsp, type RtspRequest } from '../src/rtsp-message.ts';
import { RecordingSink, until, type FakeApi } from '@tutti/test';
import { description, ravennaApi, sessionsOf } from './ravenna-api.ts';

vi.setConfig({ testTimeout: 60_000 });
const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanup.splice(0).reverse()) clean();
});
const keep = <T extends { dispose(): void }>(item: T): T => {
  cleanup.push(() => item.dispose());
  return item;
};

const textsOf = (sink: RecordingSink): readonly string[] => [...sink.sessions.values()].map(({ sdp }) => sdp);
const published = (name: string, version = 1, id = 's1') => ({
  ...{ id, sdp: description(name, version), interfaceAddress: '127.0.0.1' },
});
const service = (name: string, port: number, txt = {}): MdnsService => ({
  ...{ name, type: '_rtsp._tcp', interface: 'lo', host: 'box.local', port, addresses: ['127.0.0.1'], txt },
});

async function publisher(
  fake = ravennaApi(),
): Promise<{ fake: FakeApi; publisher: RavennaPublisher; port: number }> {
  const made = keep(new RavennaPublisher(fake.api));
  await made.publish([published('Main mix')]);
  return { fake, publisher: made, port: sessionsOf(fake)[0]?.port ?? 0 };
}

/** A device whose answers a test decides. */
async function device(
  answer: (request: RtspRequest) => string,
): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    const parser = new RtspParser();
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const message of parser.push(chunk)) if (message.kind === 'request') socket.write(answer(message));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, sockets };
}

/** As a Merging Anubis answers: lower case names, no CSeq, a charset. */
const anubisReply = (sdp: string): string =>
  `RTSP/1.0 200 OK\r\ncontent-length: ${sdp.length}\r\ncontent-type: application/sdp; charset=utf-8\r\n\r\n${sdp}`;

describe('our sessions', () => {
  it('are advertised with subtype, port and id, and described by name and by id', async () => {
    const { fake, port } = await publisher();
    expect(sessionsOf(fake)).toMatchObject([
      {
        name: 'Main mix',
        type: '_rtsp._tcp',
        subtypes: ['_ravenna_session'],
        txt: { id: 's1' },
        interfaces: ['lo'],
      },
    ]);
    expect(fake.mdns.advertised.some((each) => each.subtypes?.includes('_ravenna'))).toBe(true);
    expect(await describeOnce(`rtsp://127.0.0.1:${port}/by-name/Main%20mix`)).toBe(description('Main mix'));
    expect(await describeOnce(`rtsp://127.0.0.1:${port}/by-id/s1`)).toBe(description('Main mix'));
    await expect(describeOnce(`rtsp://127.0.0.1:${port}/by-id/none`)).rejects.toThrow('404');
  });

  it('of one name on two networks are each described on their own', async () => {
    const server = keep(new RtspServer(vi.fn(), () => true));
    const port = await server.listen(0);
    const on = (id: string, interfaceAddress: string) => ({
      ...{ id, name: 'Mix', sdp: description(`Mix of ${id}`), interfaceAddress },
    });
    server.setSessions([on('s1', '127.0.0.1'), on('s2', '127.0.0.2')]);
    for (const [host, id] of [['127.0.0.1', 's1'] as const, ['127.0.0.2', 's2'] as const])
      expect(await describeOnce(`rtsp://${host}:${port}/by-name/Mix`)).toBe(description(`Mix of ${id}`));
    expect(await describeOnce(`rtsp://127.0.0.1:${port}/by-id/s2`)).toBe(description('Mix of s2'));
    server.setSessions([on('s2', '127.0.0.2')]);
    expect(await describeOnce(`rtsp://127.0.0.1:${port}/by-name/Mix`)).toBe(description('Mix of s2'));
  });

  it('are served under the name that is in force, and no more when they are withdrawn or not wanted', async () => {
    const fake = ravennaApi();
    fake.mdns.taken.add('Main mix');
    const { publisher: made, port } = await publisher(fake);
    const url = `rtsp://127.0.0.1:${port}/by-name/Main%20mix%20(2)`;
    await until('renamed', () => fake.codes().includes('ravenna.renamed'));
    expect(await describeOnce(url)).toBe(description('Main mix'));
    fake.configure('ravenna.advertise', false);
    await until('withdrawn', () => fake.mdns.advertised.length === 0);
    await expect(describeOnce(url)).rejects.toThrow();
    fake.configure('ravenna.advertise', true);
    await until('back', () => sessionsOf(fake).length === 1);
    await made.publish([]);
    expect(fake.mdns.advertised).toEqual([]);
  });

  it('are announced to those who described them when they change, and are not advertised anew for it', async () => {
    const { fake, publisher: made, port } = await publisher();
    const sink = new RecordingSink();
    keep(await new RavennaDiscovery(fake.api).start(sink));
    fake.mdns.found.fire(service('Main mix', port));
    await until('described', () => sink.sessions.size === 1);
    const before = sessionsOf(fake)[0];
    await made.publish([published('Main mix', 2)]);
    await until('announced', () => textsOf(sink)[0] === description('Main mix', 2));
    expect(sessionsOf(fake)[0]).toBe(before);
  });

  it('answer OPTIONS and GET_PARAMETER, say 501 to what they cannot, and end the connection of who speaks something else', async () => {
    const { port } = await publisher();
    const { connect } = await import('node:net');
    const socket = connect(port, '127.0.0.1');
    cleanup.push(() => socket.destroy());
    let text = '';
    let isClosed = false;
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => (isClosed = true));
    for (const [i, method] of ['OPTIONS', 'GET_PARAMETER', 'RECORD', 'TEARDOWN'].entries())
      socket.write(writeRtsp({ start: `${method} * RTSP/1.0`, headers: { CSeq: String(i) } }));
    await until('four answers', () => text.split('RTSP/1.0 ').length === 5);
    expect([...text.matchAll(/RTSP\/1\.0 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '501',
      '200',
    ]);
    expect(text).toMatch(/Public: .*DESCRIBE/);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await until('closed', () => isClosed);
  });
});

describe('clients that are of no use', () => {
  const open = async (port: number): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1' });
    cleanup.push(() => socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };

  it('that ask and do not read are hung up on, before their answers fill our memory', async () => {
    const { port } = await publisher();
    const socket = await open(port);
    socket.pause();
    const closed = new Promise((resolve) => socket.once('close', resolve)); // `once` would reject with what broke it
    let asked = 0;
    const ask = setInterval(() => {
      for (let i = 0; i < 1000; ++i) socket.write(`OPTIONS * RTSP/1.0\r\nCSeq: ${++asked}\r\n\r\n`);
    }, 5);
    cleanup.push(() => clearInterval(ask));
    await closed;
  });

  it('that ask for nothing go when somebody else comes, those who asked stay', async () => {
    const { port } = await publisher();
    const asking = await open(port);
    asking.write('DESCRIBE rtsp://x/by-name/Main%20mix RTSP/1.0\r\nCSeq: 1\r\n\r\n');
    await once(asking, 'data');
    const idle: Socket[] = [];
    for (let i = 0; i < 63; ++i) idle.push(await open(port));
    const first = once(idle[0] as Socket, 'close');
    const late = await open(port);
    await first;
    late.write('DESCRIBE rtsp://x/by-name/Main%20mix RTSP/1.0\r\nCSeq: 1\r\n\r\n');
    expect(String((await once(late, 'data'))[0])).toContain('200 OK');
    expect([asking, ...idle.slice(1)].filter(({ destroyed }) => destroyed)).toEqual([]);
  });
});

describe('players that know nothing of RAVENNA', () => {
  it('are told the group by SETUP, and are refused any other transport', async () => {
    const { port } = await publisher();
    const { connect } = await import('node:net');
    const socket = connect(port, '127.0.0.1');
    cleanup.push(() => socket.destroy());
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    const ask = (cseq: string, method: string, path: string, transport: string): void => {
      const start = `${method} rtsp://127.0.0.1:${port}${path} RTSP/1.0`;
      socket.write(writeRtsp({ start, headers: { CSeq: cseq, Transport: transport } }));
    };
    ask('1', 'SETUP', '/by-id/s1/', 'RTP/AVP;unicast;client_port=5000-5001');
    ask('2', 'SETUP', '/by-id/s1/', 'RTP/AVP/TCP;interleaved=0-1,RTP/AVP;multicast');
    ask('3', 'PLAY', '/by-id/s1/', '');
    ask('4', 'PLAY', '/by-id/none', '');
    await until('four answers', () => text.split('RTSP/1.0 ').length === 5);
    expect([...text.matchAll(/RTSP\/1\.0 (\d+)/g)].map(([, status]) => status)).toEqual([
      '461',
      '200',
      '200',
      '404',
    ]);
    expect(text).toContain('Transport: RTP/AVP;multicast;destination=239.1.2.3;port=5004-5005;ttl=32');
  });
});

describe('sessions of others', () => {
  it('are described by name or, where that is unknown, by id; also when a device answers as a Merging Anubis does', async () => {
    const asked: string[] = [];
    const { port } = await device(({ uri, headers }) => {
      asked.push(uri);
      if (uri.includes('by-name'))
        return `RTSP/1.0 404 Not Found\r\nCSeq: ${headers.get('cseq') ?? ''}\r\n\r\n`;
      return anubisReply(description('Anubis'));
    });
    const fake = ravennaApi();
    const sink = new RecordingSink();
    keep(await new RavennaDiscovery(fake.api).start(sink));
    fake.mdns.found.fire(service('Anubis 1.2 / left', port, { id: '13' }));
    await until('described', () => sink.sessions.size === 1);
    expect(asked.map((each) => each.replace(/^rtsp:\/\/[^/]*/, ''))).toEqual([
      '/by-name/Anubis%201.2%20%2F%20left',
      '/by-id/13',
    ]);
    expect([...sink.sessions.values()]).toMatchObject([{ source: '127.0.0.1', interface: 'lo' }]);
    fake.mdns.lost.fire({ name: 'Anubis 1.2 / left', type: '_rtsp._tcp', interface: 'lo' });
    expect(sink.withdrawals).toHaveLength(1);
  });

  it('change by ANNOUNCE of their device, which is answered with its CSeq; an ANNOUNCE of something else is refused', async () => {
    const { port, sockets } = await device(() => anubisReply(description('One')));
    const fake = ravennaApi();
    const sink = new RecordingSink();
    keep(await new RavennaDiscovery(fake.api).start(sink));
    fake.mdns.found.fire(service('One', port));
    await until('described', () => sink.sessions.size === 1);
    let replies = '';
    sockets[0]?.on('data', (chunk: Buffer) => (replies += chunk.toString()));
    const announce = (type: string, cseq: string): void => {
      const headers = { CSeq: cseq, 'Content-Type': type };
      sockets[0]?.write(
        writeRtsp({ start: 'ANNOUNCE rtsp://x/by-name/One RTSP/1.0', headers, body: description('Two') }),
      );
    };
    announce('text/plain', '41');
    announce('application/sdp', '42');
    await until('both answered', () => replies.includes('CSeq: 42'));
    expect(replies).toMatch(/RTSP\/1\.0 406[^]*CSeq: 41[^]*RTSP\/1\.0 200[^]*CSeq: 42/);
    expect(textsOf(sink)).toEqual([description('Two')]);
  });

  it('are asked for again when the device was away, and it is said once why they cannot be had', async () => {
    let isWell = false;
    const { port, sockets } = await device(() =>
      isWell ? anubisReply(description('Back')) : 'RTSP/1.0 503 Service Unavailable\r\n\r\n',
    );
    const fake = ravennaApi();
    const sink = new RecordingSink();
    keep(await new RavennaDiscovery(fake.api).start(sink));
    fake.mdns.found.fire(service('Back', port));
    await until('refused twice', () => sockets.length >= 2);
    expect(fake.codes()).toEqual(['ravenna.describe-failed']);
    isWell = true;
    await until('described', () => sink.sessions.size === 1);
    sockets.at(-1)?.destroy();
    const before = sockets.length;
    await until('a new connection', () => sockets.length > before);
    expect(sink.withdrawals).toEqual([]);
  });

  it('have one connection, however often they are told of while it is being made, and none when they are gone', async () => {
    const { port, sockets } = await device(() => anubisReply(description('Twice')));
    const fake = ravennaApi();
    const sink = new RecordingSink();
    keep(await new RavennaDiscovery(fake.api).start(sink));
    const found = service('Twice', port);
    fake.mdns.found.fire(found);
    fake.mdns.found.fire({ ...found, addresses: [...found.addresses, '127.0.0.2'] });
    await until('described', () => sink.sessions.size === 1);
    fake.mdns.lost.fire(found);
    await until('no connection', () => sockets.every(({ destroyed }) => destroyed));
    expect(sockets).toHaveLength(1);
  });
});
