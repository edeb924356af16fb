import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announcedSdp } from '@tutti/test';
import { Rig } from '../support/rig.ts';
import { eth0, eth1 } from '../support/settable-interfaces.ts';
import { until } from '../support/until.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await new Rig().start();
});
afterEach(async () => {
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

const problem = (code: string, field: string): object => ({
  problem: expect.objectContaining({ code, field }) as object,
});

/** Runs something that must fail, and checks that state, disk and engine are as they were. */
async function changesNothing(act: () => Promise<unknown>, expected: object): Promise<void> {
  const before = rig.state.current;
  const plan = rig.engineProcess.plan;
  await expect(act()).rejects.toMatchObject(expected);
  expect(rig.state.current).toBe(before);
  expect(rig.engineProcess.plan).toEqual(plan);
}

describe('changing a receiver', () => {
  it('tells the engine what changed and leaves the rest', async () => {
    const { id } = await rig.streams.addReceiver({ sdp: announcedSdp(), map: '1-2:17-18' });
    const before = rig.engineProcess.plan?.receivers[0];
    await rig.streams.changeReceiver(id, { linkOffsetMs: 30, timing: 'arrival', name: 'Stage' });
    expect(rig.engineProcess.plan?.receivers[0]).toEqual({
      ...before,
      linkOffset: 1440,
      timing: expect.objectContaining({ kind: 'arrival' }) as object,
    });
    expect(rig.state.current.receivers[0]).toMatchObject({ name: 'Stage', linkOffsetMs: 30 });
  });

  it('goes back to the default link offset', async () => {
    const { id } = await rig.streams.addReceiver({ sdp: announcedSdp(), linkOffsetMs: 30 });
    await rig.streams.changeReceiver(id, { linkOffsetMs: null });
    expect(rig.engineProcess.plan?.receivers[0]).toMatchObject({ linkOffset: 960 });
    expect(rig.state.current.receivers[0]).not.toHaveProperty('linkOffsetMs');
  });

  it('refuses a receiver that is not there and a link offset that cannot be', async () => {
    const { id } = await rig.streams.addReceiver({ sdp: announcedSdp() });
    await changesNothing(() => rig.streams.changeReceiver('r9', { name: 'x' }), {
      problem: expect.objectContaining({ code: 'notFound' }) as object,
    });
    await changesNothing(
      () => rig.streams.changeReceiver(id, { linkOffsetMs: -1 }),
      problem('invalid', 'linkOffsetMs'),
    );
  });
});

describe('adding a receiver', () => {
  it('maps the stream to the first free inputs and tells the engine', async () => {
    const first = await rig.streams.addReceiver({ sdp: announcedSdp() });
    const second = await rig.streams.addReceiver({ sdp: announcedSdp({ id: '101' }) });
    expect(first.routes).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(second.routes).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(rig.engineProcess.plan?.receivers.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(rig.engineProcess.plan?.receivers[0]).toMatchObject({
      codec: 'L24',
      payloadType: 98,
      legs: [{ address: '239.69.9.9', port: 5004, interface: eth0.address }],
    });
  });

  it('reads a map as people count, from 1', async () => {
    const { routes } = await rig.streams.addReceiver({ sdp: announcedSdp(), map: '1-2:17-18' });
    expect(routes).toEqual([
      [0, 16],
      [1, 17],
    ]);
  });

  it('resamples, with a longer link offset, a stream that follows another clock', async () => {
    await rig.streams.addReceiver({ sdp: announcedSdp() });
    expect(rig.engineProcess.plan?.receivers[0]).toMatchObject({
      timing: { kind: 'resample' },
      linkOffset: 960,
    });
  });

  it('places a stream as a person wants, whatever its clock', async () => {
    await rig.streams.addReceiver({ sdp: announcedSdp(), timing: 'arrival' });
    await rig.streams.addReceiver({ sdp: announcedSdp({ id: '101' }), timing: 'shared' });
    expect(rig.engineProcess.plan?.receivers.map(({ timing }) => timing)).toEqual([
      { kind: 'arrival' },
      { kind: 'shared', offset: 0 },
    ]);
  });

  it('resamples a stream of another rate, and refuses it where a person wants its bits', async () => {
    const sdp = announcedSdp({ rate: 44_100 });
    await rig.streams.addReceiver({ sdp });
    expect(rig.engineProcess.plan?.receivers[0]).toMatchObject({
      rate: 44_100,
      timing: { kind: 'resample' },
    });
    await expect(rig.streams.addReceiver({ sdp, timing: 'arrival' })).rejects.toMatchObject({
      problem: { code: 'unsupported', field: 'session' },
    });
  });

  it('shares the clock when both follow one grandmaster, and notices when that begins', async () => {
    await rig.streams.addReceiver({ sdp: announcedSdp({ mediaOffset: 7 }) });
    rig.engineProcess.setClock({ source: 'system', grandmaster: '00-1D-C1-FF-FE-00-00-01', domain: 0 });
    await until('shared timing', () => rig.engineProcess.plan?.receivers[0]?.timing.kind === 'shared');
    expect(rig.engineProcess.plan?.receivers[0]).toMatchObject({
      timing: { kind: 'shared', offset: 7 },
      linkOffset: 144,
    });
  });

  it('never gives a default link offset below three packets', async () => {
    const sdp = announcedSdp({
      framesPerPacket: 192,
      referenceClock: { kind: 'localmac', mac: '02-00-00-00-00-02' },
    });
    await rig.streams.addReceiver({ sdp });
    expect(rig.engineProcess.plan?.receivers[0]?.linkOffset).toBe(3 * 192);
  });

  it('refuses an encoding for which no codec is there', async () => {
    await changesNothing(
      () => rig.streams.addReceiver({ sdp: announcedSdp({ encoding: 'AM824' }) }),
      problem('unsupported', 'session'),
    );
  });

  it('refuses an input that another receiver has', async () => {
    await rig.streams.addReceiver({ sdp: announcedSdp(), map: '1:5' });
    await changesNothing(
      () => rig.streams.addReceiver({ sdp: announcedSdp({ id: '101' }), map: '1-2:4-5' }),
      problem('conflict', 'map'),
    );
  });

  it('refuses a map beyond the stream or the device', async () => {
    const sdp = announcedSdp();
    await changesNothing(() => rig.streams.addReceiver({ sdp, map: '3:1' }), problem('invalid', 'map'));
    await changesNothing(() => rig.streams.addReceiver({ sdp, map: '1:129' }), problem('invalid', 'map'));
    await changesNothing(() => rig.streams.addReceiver({ sdp, map: '1-2:1-3' }), problem('invalid', 'map'));
  });

  it('refuses a rate that the device does not run at where the bits are wanted, and says what to do', async () => {
    await changesNothing(
      () => rig.streams.addReceiver({ sdp: announcedSdp({ rate: 96000 }), timing: 'shared' }),
      {
        problem: {
          code: 'unsupported',
          field: 'session',
          fix: expect.stringContaining('--rate 96000') as string,
        },
      },
    );
  });

  it('refuses an interface that is not there, a text that is no SDP, and a session nobody knows', async () => {
    const { streams } = rig;
    await changesNothing(
      () => streams.addReceiver({ sdp: announcedSdp(), interface: 'wlan7' }),
      problem('interfaceGone', 'interface'),
    );
    await changesNothing(() => streams.addReceiver({ sdp: 'hello' }), problem('invalid', 'sdp'));
    await changesNothing(() => streams.addReceiver({ sessionId: 'beef' }), problem('notFound', 'sessionId'));
    await changesNothing(() => streams.addReceiver({}), problem('invalid', 'sessionId'));
  });

  it('takes everything back when the engine cannot put it in force', async () => {
    await rig.streams.addReceiver({ sdp: announcedSdp() });
    rig.engineProcess.refused.set('r2', { code: 'permission', field: 'port', message: 'no' });
    await changesNothing(
      () => rig.streams.addReceiver({ sdp: announcedSdp({ id: '101' }) }),
      problem('permission', 'port'),
    );
    rig.engineProcess.refused.clear();
    expect((await rig.streams.addReceiver({ sdp: announcedSdp({ id: '101' }) })).id).toBe('r2');
  });
});

describe('adding a sender', () => {
  it('chooses a free group, and describes it', async () => {
    const sender = await rig.streams.addSender({ name: 'Mix', channels: '1-8' });
    expect(sender.legs[0]?.address).toMatch(/^239\.69\.\d+\.\d+$/);
    expect(rig.engineProcess.plan?.senders[0]).toMatchObject({
      framesPerPacket: 48,
      dscp: 34,
      ttl: 32,
      channels: 8,
    });
    expect(rig.publishing.sdpOf(sender.id)).toContain('a=ts-refclk:localmac=02-00-00-00-00-02');
  });

  it('refuses outputs that are sent already, unless they are shared', async () => {
    await rig.streams.addSender({ name: 'Mix', channels: '1-4' });
    await changesNothing(
      () => rig.streams.addSender({ name: 'Again', channels: '4-5' }),
      problem('conflict', 'channels'),
    );
    const shared = await rig.streams.addSender({
      name: 'Again',
      channels: '4-5',
      format: 'l16',
      share: true,
    });
    expect(shared.encoding).toBe('L16');
  });

  it('says what fits when a packet would be too large', async () => {
    await changesNothing(() => rig.streams.addSender({ name: 'Big', channels: '1-64' }), {
      problem: { code: 'limit', field: 'ptime', fix: expect.stringContaining('0.125 ms') as string },
    });
    const fits = await rig.streams.addSender({ name: 'Big', channels: '1-64', ptime: 0.125 });
    expect(rig.engineProcess.plan?.senders.find(({ id }) => id === fits.id)?.framesPerPacket).toBe(6);
  });

  it('refuses what is no group, a group of ours, and more than 64 channels', async () => {
    const { streams } = rig;
    await streams.addSender({ name: 'Mix', channels: '1', dest: '239.1.1.1' });
    const add =
      (dest: string, channels = '2'): (() => Promise<unknown>) =>
      () =>
        streams.addSender({ name: 'X', channels, dest });
    await changesNothing(add('10.0.0.9'), problem('invalid', 'dest'));
    await changesNothing(add('224.0.0.9'), problem('invalid', 'dest'));
    await changesNothing(add('239.1.1.1:99999'), problem('invalid', 'dest'));
    await changesNothing(add('239.1.1.1:5004'), problem('conflict', 'dest'));
    await changesNothing(add('239.1.1.2', '2-66'), problem('limit', 'channels'));
    await changesNothing(add('239.1.1.2', '1-200'), problem('invalid', 'channels'));
  });

  it('sends two paths by two interfaces', async () => {
    const dest = '239.1.1.1,239.2.1.1';
    const sender = await rig.streams.addSender({
      name: 'Safe',
      channels: '1-2',
      dest,
      interface: 'eth0,eth1',
    });
    expect(rig.engineProcess.plan?.senders[0]?.legs.map((leg) => leg.interface)).toEqual([
      eth0.address,
      eth1.address,
    ]);
    expect(rig.publishing.sdpOf(sender.id)).toContain('a=group:DUP');
  });
});

describe('changing a sender', () => {
  it('keeps its session, with a new version, and what was not named', async () => {
    const before = await rig.streams.addSender({ name: 'Mix', channels: '1-2', dest: '239.1.1.1:6000' });
    await until('published', () => /o=- \d+ 1 /.test(rig.publishing.sdpOf(before.id)));
    await rig.streams.changeSender(before.id, { dest: '239.70.0.0/16', format: 'l16', name: ' Monitor ' });
    const [after] = rig.state.current.senders;
    expect(after?.legs[0]).toMatchObject({ port: 5004, interface: before.legs[0]?.interface });
    expect(after?.legs[0]?.address).toMatch(/^239\.70\.\d+\.\d+$/);
    expect(after).toMatchObject({ name: 'Monitor', encoding: 'L16', packetTime: 1, routes: before.routes });
    expect(after?.sessionId).toBe(before.sessionId);
    await until('published again', () => /o=- \d+ 2 /.test(rig.publishing.sdpOf(before.id)));
    await rig.streams.changeSender(before.id, { dest: after?.legs[0]?.address ?? '' });
    expect(rig.state.current.senders[0]?.legs).toEqual(after?.legs);
  });

  it('refuses what would not be a sender, and a sender that is not there', async () => {
    const { id } = await rig.streams.addSender({ name: 'Mix', channels: '1', dest: '239.1.1.1' });
    await rig.streams.addSender({ name: 'Other', channels: '2', dest: '239.1.1.2' });
    const change = (value: object) => (): Promise<void> => rig.streams.changeSender(id, value);
    await changesNothing(change({ name: ' ' }), problem('invalid', 'name'));
    await changesNothing(change({ ptime: 0 }), problem('invalid', 'ptime'));
    await changesNothing(change({ dest: '239.1.1.2' }), problem('conflict', 'dest'));
    await changesNothing(change({ dest: '239.300.0.0/16' }), problem('invalid', 'dest'));
    await changesNothing(() => rig.streams.changeSender('s9', {}), {
      problem: expect.objectContaining({ code: 'notFound' }) as object,
    });
  });
});

describe('routes', () => {
  it('are set and cleared all or none', async () => {
    const { streams } = rig;
    const { id } = await streams.addReceiver({ sdp: announcedSdp(), map: '1:1' });
    const other = await streams.addReceiver({ sdp: announcedSdp({ id: '101' }), map: '1:2' });
    await changesNothing(
      () =>
        streams.setRoutes([
          { receiverId: id, channel: 2, input: 3 },
          { receiverId: id, channel: 2, input: 2 },
        ]),
      problem('conflict', 'map'),
    );
    await streams.setRoutes([{ receiverId: id, channel: 2, input: 3 }]);
    expect(streams.routes()).toContainEqual({ receiverId: id, channel: 2, input: 3 });
    await changesNothing(
      () => streams.clearRoutes([{ receiverId: other.id, channel: 2, input: 9 }]),
      problem('notFound', 'routes'),
    );
    await streams.clearRoutes([{ receiverId: id, channel: 2, input: 3 }]);
    expect(rig.engineProcess.plan?.receivers[0]?.routes).toEqual([[0, 0]]);
  });

  it('feed a channel of a sender once', async () => {
    const { id } = await rig.streams.addSender({ name: 'Mix', channels: '1-2' });
    await changesNothing(
      () => rig.streams.setRoutes([{ senderId: id, output: 5, channel: 1 }]),
      problem('conflict', 'map'),
    );
  });
});

describe('trouble', () => {
  it('takes a stream out while its interface is gone, and puts it back', async () => {
    const { id } = await rig.streams.addReceiver({ sdp: announcedSdp(), interface: 'eth1' });
    rig.interfaces.set(eth0);
    await until('the receiver fails', () => rig.reconciler.problemOf(id)?.code === 'interfaceGone');
    expect(rig.engineProcess.plan?.receivers).toEqual([]);
    rig.interfaces.set(eth0, eth1);
    await until('the receiver is back', () => rig.engineProcess.plan?.receivers.length === 1);
    await until('it is in force', () => rig.reconciler.problemOf(id) === undefined);
  });

  it('gives a new engine the whole plan', async () => {
    await rig.streams.addReceiver({ sdp: announcedSdp() });
    const plan = rig.engineProcess.plan;
    await rig.engineProcess.kill();
    await until(
      'a new engine with a plan',
      () => rig.engineProcess.applied.length > 0 && rig.engine.state === 'running',
    );
    expect(rig.engineProcess.plan).toEqual(plan);
  });

  it('tries again what the engine refused later', async () => {
    const { id } = await rig.streams.addReceiver({ sdp: announcedSdp() });
    rig.engineProcess.refused.set(id, { code: 'permission', message: 'not now' });
    await rig.streams.addSender({ name: 'Mix', channels: '1' });
    expect(rig.reconciler.problemOf(id)?.message).toBe('not now');
    rig.engineProcess.refused.clear();
    await until('it is in force again', () => rig.reconciler.problemOf(id) === undefined);
  });

  it('marks streams of another rate when the device changes, and brings them back', async () => {
    const { id } = await rig.streams.addReceiver({ sdp: announcedSdp(), timing: 'arrival' });
    await rig.streams.setDevice({ rate: 96000 });
    expect(rig.reconciler.problemOf(id)?.code).toBe('unsupported');
    await rig.streams.setDevice({ rate: 48000 });
    expect(rig.reconciler.problemOf(id)).toBeUndefined();
    await changesNothing(() => rig.streams.setDevice({ rate: 47999 }), problem('invalid', 'rate'));
  });
});

describe('a session that a receiver follows', () => {
  it('moves the receiver to its new group when its version rises', async () => {
    let announce: (sdp: string) => void = () => undefined;
    const registration = rig.registries.discovery.register('test', {
      id: 'test',
      start: async (sink) => {
        announce = (sdp) => sink.announced({ key: 'k', sdp });
        return { dispose: () => undefined };
      },
    });
    announce(announcedSdp());
    await until('the session is known', () => rig.catalogue.list().length === 1);
    await rig.streams.addReceiver({ sessionId: 'Stage left' });
    announce(announcedSdp({ version: '2', legs: [{ address: '239.69.7.7', port: 5008, ttl: 32 }] }));
    await until(
      'the receiver moved',
      () => rig.engineProcess.plan?.receivers[0]?.legs[0]?.address === '239.69.7.7',
    );
    registration.dispose();
  });
});

describe('a sender that is published', () => {
  it('has a version that rises with every change of its text, and only then', async () => {
    const { id } = await rig.streams.addSender({ name: 'Mix', channels: '1-2' });
    await until('published', () => /o=- \d+ 1 /.test(rig.publishing.sdpOf(id)));
    await rig.reconciler.reconcile();
    await rig.publishing.flush();
    expect(rig.publishing.sdpOf(id)).toMatch(/o=- \d+ 1 /);
    rig.engineProcess.setClock({ grandmaster: '00-1D-C1-FF-FE-00-00-01', domain: 3 });
    await until('the grandmaster is named', () => /PTPv2 3/.test(rig.publishing.sdpOf(id)));
    expect(rig.publishing.sdpOf(id)).toMatch(/o=- \d+ 2 /);
  });
});
