import { describe, expect, it } from 'vitest';
import type { DanteDevice } from '../../src/devices/device.ts';
import { readDevices, writeDevices } from '../../src/devices/remembered-devices.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const device: DanteDevice = {
  name: 'desk',
  id: '001dc1fffea1723c',
  state: 'present',
  lastSeen: '2026-06-01T11:59:00.000Z',
  endpoints: [{ interface: 'eth0', address: '10.0.0.2', arcPort: 4440 }],
  addresses: ['10.0.0.2'],
  settings: { maker: 'Somebody', latePackets: [0, 3] },
  reading: {
    transmit: [{ number: 1, label: 'Vox', factoryName: '01' }],
    receive: [
      {
        number: 1,
        label: 'In',
        from: { channel: 'a', device: 'b' },
        status: { state: 'pending', text: 'idle' },
      },
    ],
    rate: 48_000,
    gaps: [],
  },
};
const through = (...devices: readonly DanteDevice[]): readonly DanteDevice[] =>
  readDevices(JSON.parse(JSON.stringify(writeDevices(devices))), now);

describe('devices that were known before', () => {
  it('come back with all that was known, as gone', () => {
    expect(through(device)).toEqual([{ ...device, state: 'gone', endpoints: [] }]);
  });

  it('are forgotten after a week', () => {
    expect(through({ ...device, lastSeen: '2026-05-25T11:59:00.000Z' })).toEqual([]);
  });

  it('fit into the storage: those seen last are kept', () => {
    const transmit = Array.from({ length: 128 }, (_, n) => ({
      ...{ number: n + 1, label: 'x'.repeat(31), factoryName: 'y'.repeat(31) },
    }));
    const many = Array.from({ length: 512 }, (_, n) => ({
      ...device,
      name: `desk-${n}`,
      lastSeen: new Date(now - n * 1000).toISOString(),
      reading: { transmit, receive: [], gaps: [] },
    }));
    const kept = writeDevices(many);
    expect(JSON.stringify(kept).length).toBeLessThan(1_000_000);
    expect(kept.length).toBeGreaterThan(40);
    expect(kept[0]).toMatchObject({ name: 'desk-0' });
  });

  it('are kept beside one that says more than any device has to say', () => {
    const transmit = Array.from({ length: 16_320 }, (_, n) => ({
      ...{ number: n + 1, label: 'x'.repeat(255), factoryName: 'y' },
    }));
    const huge = { ...device, name: 'huge', reading: { transmit, receive: [], gaps: [] } };
    const large = { ...huge, name: 'large', reading: { ...huge.reading, transmit: transmit.slice(0, 2900) } };
    const small = { ...device, lastSeen: '2026-06-01T11:58:00.000Z' };
    expect(writeDevices([huge, large, small])).toMatchObject([{ name: 'desk' }]);
  });

  it('have room for the largest that there is', () => {
    const name = 'x'.repeat(31);
    const number = (_: unknown, n: number): { number: number } => ({ number: n + 1 });
    const transmit = Array.from({ length: 512 }, number).map((each) => ({
      ...{ ...each, label: name, factoryName: name },
    }));
    const receive = transmit.map((each) => ({
      ...{ ...each, label: name, from: { channel: name, device: name } },
      status: { state: 'receiving' as const, text: 'receiving by unicast' },
    }));
    expect(writeDevices([{ ...device, reading: { transmit, receive, gaps: [] } }])).toHaveLength(1);
  });

  it('are left out where somebody wrote something else, and nothing throws', () => {
    for (const value of [undefined, null, 7, 'x', {}, [null], [7], [{}], [{ name: 'a' }], [[]]])
      expect(readDevices(value, now)).toEqual([]);
    const [damaged] = readDevices(
      [{ ...device, addresses: [7, '10.0.0.2'], settings: { maker: 7 }, reading: { transmit: [{}] } }],
      now,
    );
    expect(damaged).toEqual({
      ...{ name: 'desk', id: device.id, lastSeen: device.lastSeen, state: 'gone', endpoints: [] },
      ...{ addresses: ['10.0.0.2'], settings: {} },
    });
  });
});
