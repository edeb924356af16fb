import { readSdp, writeSdp, type SdpContent } from '@tutti/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DanteDevice } from '../src/devices/device.ts';
import { activate, deactivate } from '../src/extension.ts';
import { FakeApi } from './fake-api.ts';
import { adapter, type DeviceData } from './simulated/device-data.ts';
import { DeviceOnNetwork } from './simulated/simulated-network.ts';
import { until } from './until.ts';

let fake: FakeApi;
const running: DeviceOnNetwork[] = [];

beforeEach(async () => {
  fake = new FakeApi();
  await activate(fake.context);
});
afterEach(async () => {
  await deactivate();
  fake.deactivate();
  for (const device of running.splice(0)) device.close();
  expect(fake.leaked).toBe(0);
});

const devices = async (): Promise<readonly DanteDevice[]> =>
  (await fake.run('devices')) as readonly DanteDevice[];

/** A device on the network, found and read. */
async function appear(change: Partial<DeviceData> = {}, address = '127.0.0.2'): Promise<DeviceOnNetwork> {
  const device = await DeviceOnNetwork.start(adapter({ name: 'desk', ...change }), address);
  running.push(device);
  for (const service of device.services()) fake.find({ ...service, host: 'desk.local' });
  const { name } = device.device.data;
  for (;;) {
    const found = (await devices()).find((each) => each.name === name);
    if (found?.reading && found.settings.product) return device;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const content: SdpContent = {
  origin: { sessionId: '1700000000', sessionVersion: '1', address: '10.0.0.1' },
  name: 'Mix',
  encoding: 'L24',
  rate: 48_000,
  channels: 2,
  payloadType: 98,
  framesPerPacket: 48,
  legs: [{ address: '239.69.1.2', port: 5004, ttl: 32 }],
  referenceClock: {
    kind: 'ptp',
    version: 'IEEE1588-2008',
    grandmaster: '00-1D-C1-FF-FE-00-00-01',
    domain: 0,
  },
  mediaOffset: 0,
};
const publish = (change: Partial<SdpContent> = {}): Promise<void> =>
  fake.publish({ id: 's1', sdp: writeSdp({ ...content, ...change }), interfaceAddress: '10.0.0.1' });

describe('what the extension adds', () => {
  it('is a tree, a number in the status bar and a list for automation', async () => {
    expect(fake.status).toBe('');
    await appear();
    expect(fake.status).toBe('Dante: 1');
    const tree = fake.trees.get('dante-compat.devices');
    const signal = { signal: new AbortController().signal };
    expect(await tree?.children(undefined, signal)).toMatchObject([
      { label: 'desk', description: 'Somebody Adapter, 2 out, 2 in' },
    ]);
    expect(await fake.run('refresh')).toMatchObject([{ name: 'desk', state: 'present' }]);
    fake.lost.fire({ name: 'desk', type: '_netaudio-arc._udp', interface: 'lo' });
    expect(fake.status).toBe('Dante: 0');
    expect(await devices()).toMatchObject([{ name: 'desk', state: 'gone' }]);
  });

  it('knows its devices again after a restart, as gone, until they are found', async () => {
    const device = await appear();
    await deactivate();
    fake.deactivate();
    fake = new FakeApi(fake.stored);
    await activate(fake.context);
    const tree = fake.trees.get('dante-compat.devices');
    expect(await tree?.children(undefined, { signal: new AbortController().signal })).toMatchObject([
      { label: 'desk', description: 'gone, Somebody Adapter, 2 out, 2 in' },
    ]);
    expect(await devices()).toMatchObject([{ state: 'gone', endpoints: [], addresses: ['127.0.0.2'] }]);
    for (const service of device.services()) fake.find({ ...service, host: 'desk.local' });
    expect(await devices()).toMatchObject([{ state: 'present' }]);
  });

  it('names channels of sessions, anew when a label changes', async () => {
    const device = await appear({ transmit: [{ name: 'Left', label: 'Vox' }, { name: 'Right' }] });
    const sdp = writeSdp({
      ...content,
      origin: { ...content.origin, address: device.address },
      channelLabels: ['Left', 'Right'],
    });
    const named = async (): Promise<readonly string[] | undefined> => {
      const { session } = readSdp(sdp);
      const [tap] = fake.taps;
      return session && (await tap?.(session, sdp))?.streams[0]?.channelLabels;
    };
    const [first] = fake.taps;
    await until('the pipeline was stepped into anew', () => fake.taps[0] !== first);
    expect(await named()).toEqual(['Vox', 'Right']);
    const [before] = fake.taps;
    device.device.change({ transmit: [{ name: 'Left', label: 'Choir' }, { name: 'Right' }] });
    await fake.run('refresh', { device: 'desk' });
    await until('and again', () => fake.taps[0] !== before);
    expect(fake.taps).toHaveLength(1);
    expect(await named()).toEqual(['Choir', 'Right']);
  });
});

describe('senders of ours', () => {
  it('are compared with the devices that are there, and mended', async () => {
    expect(await fake.check('senders')).toMatchObject({ result: 'skipped' });
    await appear({ properties: { ...adapter().properties, 0x8060: 0xef46_0000 } });
    expect(await fake.check('senders')).toMatchObject({
      result: 'skipped',
      message: 'No sender of ours is announced.',
    });
    await publish({ encoding: 'L16' });
    expect(await fake.check('senders')).toMatchObject({
      result: 'warning',
      message: expect.stringContaining('Dante devices as desk take streams from 239.70.0.0 only') as string,
    });
    expect(await fake.run('checkSender', { sender: { id: 's1' } })).toMatchObject({
      findings: [{ code: 'prefix' }, { code: 'encoding' }],
    });
    expect(await fake.run('fixSender', { senderId: 's1' })).toEqual({
      changed: { dest: '239.70.0.0/16', format: 'L24' },
      left: [],
    });
    expect(fake.executed).toEqual([
      ['tutti.sender.change', { id: 's1', dest: '239.70.0.0/16', format: 'L24' }],
    ]);
    const legs = [{ address: '239.70.1.2', port: 5004, ttl: 32 }];
    await publish({ legs, origin: { ...content.origin, sessionVersion: '2' } });
    expect(await fake.check('senders')).toEqual({
      result: 'ok',
      message: 'Dante devices can receive all 1 senders.',
    });
    expect(await fake.run('fixSender', { senderId: 's1' })).toEqual({ changed: {}, left: [] });
    expect(fake.executed).toHaveLength(1);
  });

  it('stay where most devices receive them: no group pleases devices of two networks', async () => {
    await appear({ name: 'desk 1', id: '001dc1fffe000001' }, '127.0.0.2');
    await appear({ name: 'desk 2', id: '001dc1fffe000002' }, '127.0.0.3');
    const properties = { ...adapter().properties, 0x8060: 0xef46_0000 };
    await appear({ name: 'stage', id: '001dc1fffe000003', properties }, '127.0.0.4');
    const left = [expect.objectContaining({ code: 'prefix', prefix: '239.70' })] as object[];
    await publish();
    expect(await fake.run('fixSender', { senderId: 's1' })).toEqual({ changed: {}, left });
    expect(fake.executed).toEqual([]);
    const legs = [{ address: '239.71.1.2', port: 5004, ttl: 32 }];
    await publish({ legs, origin: { ...content.origin, sessionVersion: '2' } });
    expect(await fake.run('fixSender', { senderId: 's1' })).toEqual({
      changed: { dest: '239.69.0.0/16' },
      left,
    });
  });

  it('are not found when they are not announced any more', async () => {
    await publish();
    await fake.publish();
    await expect(fake.run('checkSender', { senderId: 's1' })).rejects.toMatchObject({
      code: 'notFound',
      field: 'senderId',
    });
    await expect(fake.run('checkSender')).rejects.toMatchObject({ code: 'invalid', field: 'senderId' });
  });
});

describe('Dante devices', () => {
  it('are checked: none, one that can be read, one that cannot', async () => {
    expect(await fake.check('devices')).toMatchObject({ result: 'skipped' });
    const device = await appear();
    expect(await fake.check('devices')).toMatchObject({ result: 'ok' });
    device.deaf = 1000;
    await fake.run('refresh');
    expect(await fake.check('devices')).toMatchObject({
      result: 'warning',
      message: expect.stringContaining('desk') as string,
    });
  });

  it('are changed only if that is allowed, confirmed and possible', async () => {
    await appear();
    const wanted = { device: 'desk', channel: 1, fromChannel: '01', fromDevice: 'tutti' };
    await expect(fake.run('subscribe', { ...wanted, confirm: true })).rejects.toMatchObject({
      code: 'permission',
    });
    fake.configuration['dante-compat.allowSubscribing'] = true;
    await expect(fake.run('subscribe', wanted)).rejects.toMatchObject({
      code: 'conflict',
      message: 'Left@desk receives nothing and would receive 01@tutti.',
    });
    const confirmed = { ...wanted, confirm: true };
    await expect(fake.run('subscribe', { ...confirmed, device: 'x' })).rejects.toMatchObject({
      code: 'notFound',
      field: 'device',
    });
    await expect(fake.run('subscribe', { ...confirmed, channel: 9 })).rejects.toMatchObject({
      code: 'notFound',
      field: 'channel',
    });
    await expect(fake.run('subscribe', { ...confirmed, channel: '1' })).rejects.toMatchObject({
      code: 'invalid',
      field: 'channel',
    });
    await expect(fake.run('subscribe', { ...confirmed, fromChannel: 'x'.repeat(32) })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(await fake.run('subscribe', confirmed)).toMatchObject({
      from: { channel: '01', device: 'tutti' },
      status: { state: 'pending' },
    });
    const item = { device: 'desk', channel: 1 };
    expect(await fake.run('unsubscribe', { item, confirm: true })).toMatchObject({
      label: 'Left',
      status: { state: 'none' },
    });
  });
});
