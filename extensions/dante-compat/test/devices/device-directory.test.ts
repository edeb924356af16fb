import type { Logger, NetworkInterface } from '@tutti/api';
import { afterEach, describe, expect, it } from 'vitest';
import { DeviceDirectory, serviceType } from '../../src/devices/device-directory.ts';
import type { DanteDevice } from '../../src/devices/device.ts';
import { writeSubscribe } from '../../src/wire/arc-requests.ts';
import { adapter, card, type DeviceData } from '../simulated/device-data.ts';
import { DeviceOnNetwork } from '../simulated/simulated-network.ts';
import { until } from '../until.ts';

const loopback: NetworkInterface = {
  name: 'lo',
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  mac: '02:00:00:00:00:01',
};
const cleanup: (() => void)[] = [];

afterEach(() => {
  for (const clean of cleanup.splice(0).reverse()) clean();
});

function directory({ refreshMs = 60_000 } = {}): {
  devices: DeviceDirectory;
  codes: string[];
  changes: string[];
} {
  const codes: string[] = [];
  const log: Logger = {
    info: (code) => void codes.push(code),
    warn: (code) => void codes.push(code),
    error: (code) => void codes.push(code),
  };
  const devices = new DeviceDirectory({ log, interfaces: () => [loopback], refreshMs: () => refreshMs });
  cleanup.push(() => devices.dispose());
  const changes: string[] = [];
  devices.onDidChange((names) => void changes.push(...names));
  return { devices, codes, changes };
}

async function device(data: DeviceData, address: string): Promise<DeviceOnNetwork> {
  const started = await DeviceOnNetwork.start(data, address);
  cleanup.push(() => started.close());
  return started;
}

/** The device is there and everything of it has been read. */
async function find(devices: DeviceDirectory, found: DeviceOnNetwork): Promise<void> {
  for (const service of found.services()) devices.found(service);
  const { name } = found.device.data;
  await until(`${name} was read`, () => devices.find(name)?.reading !== undefined);
}

const stage = (): DeviceData =>
  card({
    name: 'stage',
    transmit: Array.from({ length: 64 }, (_, i) => ({
      name: String(i + 1).padStart(2, '0'),
      ...(i < 3 && { label: `Vox ${i + 1}` }),
    })),
    receive: [
      { label: 'Wedge L', status: 9, receiving: 0x0101, from: { channel: 'Mix', device: 'desk' } },
      { label: 'Wedge R', status: 4, from: { channel: '01', device: '.' } },
      { label: 'Spare', status: 0 },
    ],
  });

describe('the directory of Dante devices', () => {
  it('knows four devices of 64 channels with names and subscriptions', async () => {
    const { devices, codes } = directory();
    const names = ['stage 1', 'stage 2', 'stage 3', 'stage 4'];
    const running = await Promise.all(
      names.map((name, i) => device({ ...stage(), name, id: `001dc1000001000${i}` }, `127.0.0.${i + 2}`)),
    );
    await Promise.all(running.map((each) => find(devices, each)));
    expect(devices.list().map(({ name }) => name)).toEqual(names);
    expect(codes.filter((code) => code === 'dante.device-found')).toHaveLength(4);
    expect(codes.filter((code) => code === 'dante.device-read')).toHaveLength(4);
    for (const { reading, name } of devices.list()) {
      expect(reading?.gaps).toEqual([]);
      expect(reading?.transmit).toHaveLength(64);
      expect(reading?.transmit[2]).toEqual({ number: 3, label: 'Vox 3', factoryName: '03' });
      expect(reading?.transmit[63]).toEqual({ number: 64, label: '64', factoryName: '64' });
      expect(reading?.receive).toEqual([
        {
          number: 1,
          label: 'Wedge L',
          from: { channel: 'Mix', device: 'desk' },
          status: { state: 'receiving', text: 'receiving by unicast' },
        },
        {
          number: 2,
          label: 'Wedge R',
          from: { channel: '01', device: name },
          status: { state: 'receiving', text: 'from itself' },
        },
        { number: 3, label: 'Spare', status: { state: 'none', text: 'not subscribed' } },
      ]);
      expect(reading).toMatchObject({ rate: 48_000, bits: 24, flows: [] });
    }
  });

  it('learns maker, product and platform where CMC says that settings are spoken of', async () => {
    const { devices } = directory();
    await find(
      devices,
      await device(adapter({ name: 'desk', maker: 'Makers', product: 'Desk 1' }), '127.0.0.2'),
    );
    await until(
      'its maker',
      () =>
        devices.find('desk')?.settings.product !== undefined &&
        devices.find('desk')?.settings.board !== undefined,
    );
    expect(devices.find('desk')).toMatchObject({
      id: '001dc1fffe000001',
      settings: { maker: 'Makers', product: 'Desk 1', firmware: '1.0.0', board: 'DIOUSB' },
      reading: { properties: { aes67Prefix: '239.69.0.0', rtpPort: 5004, latencyNs: 1_000_000 } },
    });
  });

  it('learns them whichever service is found first, and anew when the device comes back', async () => {
    const { devices } = directory();
    const found = await device(adapter({ name: 'desk', product: 'Desk 1' }), '127.0.0.2');
    const [arc, cmc] = found.services();
    if (!arc || !cmc) throw new Error('no service');
    devices.found(cmc);
    // Long enough for an answer by CMC, which is of no use yet.
    await new Promise((resolve) => setTimeout(resolve, 100));
    devices.found(arc);
    await until('its product', () => devices.find('desk')?.settings.product === 'Desk 1');
    devices.lost(cmc);
    devices.lost(arc);
    found.device.change({ product: 'Desk 2' });
    devices.found(cmc);
    devices.found(arc);
    await until('what it is now', () => devices.find('desk')?.settings.product === 'Desk 2');
  });

  it('asks again when an answer is lost', async () => {
    const { devices } = directory();
    const found = await device(adapter({ name: 'desk' }), '127.0.0.2');
    found.deaf = 2;
    await find(devices, found);
    expect(devices.find('desk')?.reading?.gaps).toEqual([]);
  });

  it('keeps who is gone, marked, and forgets nothing of it', async () => {
    const { devices, codes, changes } = directory();
    const found = await device(stage(), '127.0.0.2');
    await find(devices, found);
    const [arc] = found.services();
    if (!arc) throw new Error('no service');
    changes.length = 0;
    devices.lost(arc);
    expect(changes).toEqual(['stage']);
    expect(codes).toEqual(['dante.device-found', 'dante.device-read', 'dante.device-gone']);
    expect(devices.find('stage')).toMatchObject({
      state: 'gone',
      endpoints: [],
      addresses: ['127.0.0.2'],
      reading: { transmit: { length: 64 } },
    });
    devices.found(arc);
    expect(devices.find('stage')?.state).toBe('present');
  });

  it('is there as long as one of its interfaces is', async () => {
    const { devices } = directory();
    const found = await device(stage(), '127.0.0.2');
    await find(devices, found);
    const [arc] = found.services();
    if (!arc) throw new Error('no service');
    devices.found({ ...arc, interface: 'eth9', addresses: ['10.0.0.2'] });
    expect(devices.find('stage')?.addresses).toEqual(['10.0.0.2', '127.0.0.2']);
    devices.lost({ ...arc, interface: 'eth9' });
    expect(devices.find('stage')).toMatchObject({ state: 'present', addresses: ['127.0.0.2'] });
  });

  it('says that a device does not answer, and keeps what it told before', async () => {
    const { devices, codes } = directory();
    const found = await device(stage(), '127.0.0.2');
    await find(devices, found);
    found.deaf = 1000;
    await devices.refresh('stage');
    expect(devices.find('stage')).toMatchObject({
      state: 'present',
      problem: 'The device does not answer.',
      reading: { transmit: { length: 64 } },
    });
    expect(codes).toContain('dante.device-unreadable');
    found.deaf = 0;
    await devices.refresh('stage');
    expect(devices.find('stage')).not.toHaveProperty('problem');
  });

  it('reads again by itself, and tells only what became another', async () => {
    const { devices, changes } = directory({ refreshMs: 20 });
    const found = await device(stage(), '127.0.0.2');
    await find(devices, found);
    const asked = found.device.asked.length;
    changes.length = 0;
    await until('read twice more', () => found.device.asked.length > asked + 40);
    expect(changes).toEqual([]);
    found.device.change({ receive: [{ label: 'Renamed', status: 0 }] });
    await until('the new name', () => devices.find('stage')?.reading?.receive[0]?.label === 'Renamed');
    expect(changes).toEqual(['stage']);
  });

  it('reads a device that says all the time that something changed', async () => {
    const { devices } = directory();
    const found = await device(stage(), '127.0.0.2');
    await find(devices, found);
    await until('its product', () => devices.find('stage')?.settings.product !== undefined);
    const asked = found.device.asked.length;
    const saying = setInterval(() => found.sayRoutingChanged(), 100);
    cleanup.push(() => clearInterval(saying));
    await until('read meanwhile', () => found.device.asked.length > asked);
  });

  it('reads once more for all who want that while a reading is under way', async () => {
    const { devices } = directory();
    const found = await device(stage(), '127.0.0.2');
    await find(devices, found);
    const before = found.device.asked.length;
    await devices.refresh('stage');
    const each = found.device.asked.length - before;
    const first = devices.refresh('stage');
    await until('under way', () => found.device.asked.length > before + each);
    await Promise.all(Array.from({ length: 5 }, () => devices.refresh('stage')));
    await first;
    expect(found.device.asked).toHaveLength(before + 3 * each);
  });

  it('subscribes a channel, which the device then tells', async () => {
    const { devices } = directory();
    await find(devices, await device(stage(), '127.0.0.2'));
    const answer = await devices.ask('stage', (t) =>
      writeSubscribe(t, [{ channel: 3, fromChannel: '01', fromDevice: 'tutti' }]),
    );
    expect(answer.ok && answer.value.result).toBe(1);
    await devices.refresh('stage');
    expect(devices.find('stage')?.reading?.receive[2]).toMatchObject({
      from: { channel: '01', device: 'tutti' },
      status: { state: 'pending' },
    });
  });

  it('forgets who has been gone for longest when there is no room, and nobody who is there', async () => {
    const { devices, changes } = directory();
    const onNetwork = await device(stage(), '127.0.0.2');
    await find(devices, onNetwork);
    const gone = Array.from({ length: 511 }, (_, i): DanteDevice => ({
      ...{ name: `gone ${i}`, state: 'gone', endpoints: [], addresses: [], settings: {} },
      lastSeen: new Date(Date.UTC(2026, 0, 1, 0, 0, (i + 500) % 511)).toISOString(),
    }));
    devices.remember(gone);
    changes.length = 0;
    const [arc] = onNetwork.services();
    if (!arc) throw new Error('no service');
    devices.found({ ...arc, name: 'new' });
    expect(devices.find('new')?.state).toBe('present');
    expect(devices.list()).toHaveLength(512);
    expect(devices.find('gone 11')).toBeUndefined();
    expect(changes).toEqual(['gone 11', 'new']);
    for (let i = 0; i < 600; i++) devices.found({ ...arc, name: `flood ${i}`, addresses: ['127.0.0.9'] });
    expect(devices.list()).toHaveLength(512);
    expect(devices.list().every(({ state }) => state === 'present')).toBe(true);
    expect(devices.find('stage')?.state).toBe('present');
  });

  it('takes nothing from strangers and puts back what was known', async () => {
    const { devices } = directory();
    devices.found({
      type: serviceType.arc,
      name: 'nobody',
      interface: 'lo',
      port: 4440,
      addresses: [],
      txt: {},
    });
    devices.found({
      type: serviceType.cmc,
      name: 'half',
      interface: 'lo',
      port: 1,
      addresses: ['127.0.0.9'],
      txt: { id: 'no id' },
    });
    expect(devices.list()).toMatchObject([
      { name: 'half', state: 'gone' },
      { name: 'nobody', state: 'gone' },
    ]);
    const [half] = devices.list();
    const { devices: later } = directory();
    later.remember(half ? [{ ...half, state: 'present' }] : []);
    expect(later.find('half')).toMatchObject({ state: 'gone', endpoints: [] });
    expect(await later.ask('half', () => new Uint8Array())).toMatchObject({
      ok: false,
      error: { code: 'gone' },
    });
  });
});
