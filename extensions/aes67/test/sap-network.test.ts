import { createSocket, type Socket } from 'node:dgram';
import type { Disposable } from '@tutti/base';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SapAnnouncer } from '../src/sap-announcer.ts';
import { SapListener } from '../src/sap-listener.ts';
import { readSapPacket, writeSapPacket, type SapPacket } from '../src/sap-packet.ts';
import { loopback, RecordingSink, until, type FakeApi } from '@tutti/test';
import { description } from './packets.ts';
import { sapApi, sapGroup as group } from './sap-api.ts';

/** Real sockets on the loopback interface, each test on a port of its own so that nothing on the machine disturbs it. */
let port = 20_000 + (process.pid % 20_000);
const cleanup: (() => void)[] = [];
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => {
  for (const clean of cleanup.splice(0).reverse()) clean();
  port += 1;
});

const keep = <T extends Disposable>(item: T): T => {
  cleanup.push(() => item.dispose());
  return item;
};

async function listen(
  fake = sapApi(),
): Promise<{ fake: FakeApi; sink: RecordingSink; listening: Disposable }> {
  const sink = new RecordingSink();
  const listening = keep(await new SapListener(fake.api, port).start(sink));
  return { fake, sink, listening };
}

/** A plain socket that multicasts over loopback, from 127.0.0.1 or another address of that interface. */
async function sender(
  address = '127.0.0.1',
): Promise<(packet: Partial<SapPacket> | Buffer, to?: string) => void> {
  const socket = createSocket('udp4');
  cleanup.push(() => socket.close());
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  socket.setMulticastInterface('127.0.0.1');
  return (packet, to = group) => {
    if (Buffer.isBuffer(packet)) return socket.send(packet, port, to);
    const written = writeSapPacket({ kind: 'announce', hash: 1, origin: address, payload: '', ...packet });
    if (!written.ok) throw new Error(written.error.message);
    socket.send(written.value, port, to);
  };
}

/** Everything that is sent to the group, as it comes. */
async function hear(on = group): Promise<{ packets: (SapPacket & { at: number })[]; socket: Socket }> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  cleanup.push(() => socket.close());
  const packets: (SapPacket & { at: number })[] = [];
  socket.on('message', (bytes) => {
    const packet = readSapPacket(bytes);
    if (packet.ok) packets.push({ ...packet.value, at: performance.now() });
  });
  await new Promise<void>((resolve) => socket.bind(port, on, resolve));
  socket.addMembership(on, '127.0.0.1');
  return { packets, socket };
}

describe('the listener', () => {
  it('reports an announcement with its source and interface, and again when it is repeated', async () => {
    const { sink } = await listen();
    const send = await sender();
    send({ payload: description('Stage') });
    await until('announced', () => sink.announcements === 1);
    expect([...sink.sessions.values()]).toMatchObject([
      { sdp: description('Stage'), source: '127.0.0.1', interface: 'lo' },
    ]);
    send({ payload: description('Stage') });
    await until('refreshed', () => sink.announcements === 2);
    expect(sink.sessions.size).toBe(1);
  });

  it('replaces a session by its next version', async () => {
    const { sink } = await listen();
    const send = await sender();
    send({ payload: description('Old', { version: '1' }), hash: 1 });
    send({ payload: description('New', { version: '2' }), hash: 2 });
    await until('both heard', () => sink.announcements === 2);
    expect(sink.names()).toEqual(['New']);
    expect(sink.withdrawals).toEqual([]);
  });

  it('takes a deletion from the announcer and from nobody else', async () => {
    const { sink } = await listen();
    const [send, stranger] = [await sender(), await sender('127.0.0.2')];
    send({ payload: description('Stage') });
    await until('announced', () => sink.announcements === 1);
    stranger({ kind: 'delete', payload: description('Stage') });
    stranger({ payload: description('Other', { id: '2' }) });
    await until('the stranger was heard', () => sink.announcements === 2);
    expect(sink.names()).toEqual(['Other', 'Stage']);
    send({ kind: 'delete', payload: 'o=- 1 1 IN IP4 127.0.0.1\r\n' });
    await until('withdrawn', () => sink.withdrawals.length === 1);
    expect(sink.names()).toEqual(['Other']);
  });

  it('goes on after hostile messages and logs each kind once', async () => {
    const { sink, fake } = await listen();
    const send = await sender();
    for (let i = 0; i < 50; i++) send(Buffer.from([0x20, 255, 0, 0]));
    send(Buffer.alloc(0));
    send({ payload: 'v=0\r\ns=no origin\r\n' });
    send({ payload: `${description('Long')}${'a=x\r\n'.repeat(2000)}` });
    send({ payload: description('Good') });
    await until('announced', () => sink.announcements === 1);
    const warnings = fake.log.filter((line) => line.level === 'warn').map((line) => line.code);
    expect(warnings).toEqual(['sap.bad-packet', 'sap.announcement-ignored', 'sap.announcement-ignored']);
  });

  it('hears every group that is configured, also after the configuration changed', async () => {
    const fake = sapApi({ 'aes67.sap.listen': [group, '239.255.77.2', 'not a group', '10.0.0.1'] });
    const { sink } = await listen(fake);
    expect(fake.codes().filter((code) => code === 'sap.bad-configuration')).toHaveLength(2);
    const send = await sender();
    send({ payload: description('One', { id: '1' }) });
    send({ payload: description('Two', { id: '2' }) }, '239.255.77.2');
    await until('both heard', () => sink.sessions.size === 2);
    fake.configure('aes67.sap.listen', ['239.255.77.3']);
    await until('moved', () => fake.log.some((line) => line.message.includes('239.255.77.3')));
    send({ payload: description('Three', { id: '3' }) }, '239.255.77.3');
    await until('heard on the new group', () => sink.sessions.size === 3);
  });

  it('says once that an interface cannot be joined, and joins when it is there', async () => {
    const gone = { ...loopback, name: 'eth9', address: '203.0.113.9', netmask: '255.255.255.0' };
    const fake = sapApi();
    fake.interfaces = [gone];
    const { sink } = await listen(fake);
    fake.setInterfaces([gone]);
    expect(fake.codes()).toEqual(['sap.join-failed']);
    fake.setInterfaces([loopback]);
    expect(fake.codes()).toEqual(['sap.join-failed', 'sap.joined']);
    (await sender())({ payload: description('Stage') });
    await until('announced', () => sink.announcements === 1);
  });

  it('leaves an interface that is gone, and joins it again when it is back', async () => {
    const { sink, fake } = await listen();
    fake.setInterfaces([]);
    fake.setInterfaces([loopback]);
    expect(fake.codes()).toEqual(['sap.joined', 'sap.joined']);
    (await sender())({ payload: description('Stage') });
    await until('announced', () => sink.announcements === 1);
  });

  it('reports nothing more after disposal, leaks nothing, and starts afresh', async () => {
    const fake = sapApi();
    const listener = new SapListener(fake.api, port);
    const before = new RecordingSink();
    const listening = await listener.start(before);
    listening.dispose();
    listening.dispose();
    expect(fake.leaked).toBe(0);
    const after = new RecordingSink();
    keep(await listener.start(after));
    (await sender())({ payload: description('Stage') });
    await until('announced', () => after.announcements === 1);
    expect(before.announcements).toBe(0);
  });
});

describe('the announcer', () => {
  const session = (sdp: string, id = 'a') => ({ id, sdp, interfaceAddress: '127.0.0.1' });

  it('announces at once, with a hash that stays with the text and changes with it', async () => {
    const { packets } = await hear();
    const announcer = keep(new SapAnnouncer(sapApi().api, port));
    const [one, two] = [description('One'), description('One', { version: '2' })];
    await announcer.publish([session(one)]);
    await announcer.publish([session(one)]);
    await announcer.publish([session(two)]);
    await announcer.publish([session(one)]);
    await until('three announcements', () => packets.length === 3);
    expect(packets.map((packet) => packet.payload)).toEqual([one, two, one]);
    expect(packets[0]).toMatchObject({ kind: 'announce', origin: '127.0.0.1' });
    expect(packets[2]?.hash).toBe(packets[0]?.hash);
    expect(packets[1]?.hash).not.toBe(packets[0]?.hash);
    expect(packets.every((packet) => packet.hash !== 0)).toBe(true);
  });

  it('repeats every interval', async () => {
    const { packets } = await hear();
    const announcer = keep(new SapAnnouncer(sapApi({ 'aes67.sap.intervalSeconds': 1 }).api, port));
    await announcer.publish([session(description('One'))]);
    await until('two repetitions', () => packets.length === 3);
    expect((packets[2]?.at ?? 0) - (packets[0]?.at ?? 0)).toBeGreaterThan(1_900);
  });

  it('withdraws with three deletions, a second apart, and leaves the others alone', async () => {
    const { packets } = await hear();
    const announcer = keep(new SapAnnouncer(sapApi().api, port));
    await announcer.publish([
      session(description('A', { id: '1' }), 'a'),
      session(description('B', { id: '2' }), 'b'),
    ]);
    await announcer.publish([session(description('B', { id: '2' }), 'b')]);
    await until('three deletions', () => packets.length === 5);
    const deletions = packets.slice(2);
    expect(deletions.map(({ kind, payload }) => [kind, /s=(.)/.exec(payload)?.[1]])).toEqual(
      Array.from({ length: 3 }, () => ['delete', 'A']),
    );
    expect(deletions[0]?.hash).toBe(packets[0]?.hash);
    expect((deletions[2]?.at ?? 0) - (deletions[0]?.at ?? 0)).toBeGreaterThan(1_900);
  });

  it('stops withdrawing what is published again', async () => {
    const { packets } = await hear();
    const announcer = keep(new SapAnnouncer(sapApi().api, port));
    await announcer.publish([session(description('A'))]);
    await announcer.publish([]);
    await announcer.publish([session(description('A'))]);
    await until('announced again', () => packets.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(packets.map((packet) => packet.kind)).toEqual(['announce', 'delete', 'announce']);
  });

  it('says once that it cannot send one session, and goes on with the others', async () => {
    const { packets } = await hear();
    const fake = sapApi();
    const announcer = keep(new SapAnnouncer(fake.api, port));
    const lost = { ...session(description('Lost'), 'lost'), interfaceAddress: '203.0.113.9' };
    await announcer.publish([lost, session(description('Fine', { id: '2' }))]);
    await announcer.publish([{ ...lost, sdp: description('Lost', { version: '2' }) }]);
    expect(fake.codes()).toEqual(['sap.send-failed']);
    await until('the other was heard', () => packets.some((packet) => packet.payload.includes('s=Fine')));
  });

  it('moves to another group when the configuration says so', async () => {
    const [old, now] = [await hear(), await hear('239.255.77.2')];
    const fake = sapApi();
    const announcer = keep(new SapAnnouncer(fake.api, port));
    await announcer.publish([session(description('A'))]);
    fake.configure('aes67.sap.group', '239.255.77.2');
    await until('announced there', () => now.packets.length === 1);
    await until('withdrawn here', () => old.packets.length === 2);
    expect(old.packets.map((packet) => packet.kind)).toEqual(['announce', 'delete']);
  });

  it('announces anew when the interfaces change', async () => {
    const { packets } = await hear();
    const fake = sapApi();
    const announcer = keep(new SapAnnouncer(fake.api, port));
    await announcer.publish([session(description('A'))]);
    fake.setInterfaces([loopback]);
    await until('announced twice', () => packets.length === 2);
  });

  it('takes everything back when it is disposed, and leaks nothing', async () => {
    const { packets } = await hear();
    const fake = sapApi();
    const announcer = new SapAnnouncer(fake.api, port);
    await announcer.publish([session(description('A')), session(description('B', { id: '2' }), 'b')]);
    announcer.dispose();
    await until('two deletions', () => packets.filter((packet) => packet.kind === 'delete').length === 2);
    expect(fake.leaked).toBe(0);
  });

  it('is heard by the listener, under one key from announcement to withdrawal', async () => {
    const { sink, fake } = await listen();
    const announcer = keep(new SapAnnouncer(fake.api, port));
    await announcer.publish([session(description('Ours'))]);
    await announcer.publish([session(description('Ours, renamed', { version: '2' }))]);
    await until('renamed', () => sink.names()[0] === 'Ours, renamed');
    expect(sink.sessions.size).toBe(1);
    await announcer.publish([]);
    await until('withdrawn', () => sink.sessions.size === 0);
  });
});
