import { describe, expect, it } from 'vitest';
import type { DanteDevice } from '../../src/devices/device.ts';
import { explainStatus } from '../../src/wire/subscription-status.ts';
import { treeChildren } from '../../src/view/device-tree.ts';

const stage: DanteDevice = {
  name: 'stage',
  id: '001dc1fffe000001',
  state: 'present',
  lastSeen: '2026-01-01T00:00:00.000Z',
  endpoints: [],
  addresses: ['10.0.0.7'],
  settings: {
    product: 'Box',
    aes67: { active: true, configured: true },
    clock: { role: 'follower', leader: '', grandmaster: '001dc10812580000' },
  },
  reading: {
    transmit: [{ number: 1, label: 'Vox', factoryName: '01' }],
    receive: [
      { number: 1, label: 'Wedge', from: { channel: 'Mix', device: 'desk' }, status: explainStatus(9) },
      { number: 2, label: 'Spare', status: explainStatus(0) },
      { number: 3, label: 'Dead', from: { channel: 'x', device: 'y' }, status: explainStatus(0x1b) },
    ],
    flows: [
      {
        number: 1,
        rate: 48_000,
        bits: 24,
        slots: [[1], []],
        address: '239.255.1.2',
        port: 4321,
        status: 10,
        latencyNs: 1_000_000,
      },
    ],
    properties: { latencyNs: 1_000_000, aes67Prefix: '239.69.0.0' },
    rate: 48_000,
    bits: 24,
    gaps: ['labels: The device does not answer.'],
  },
};
const gone: DanteDevice = { ...stage, name: 'a/b', state: 'gone' };

const texts = (parent?: string): readonly string[] =>
  treeChildren([stage, gone], parent).map(({ label, description }) =>
    description ? `${label} | ${description}` : label,
  );

describe('the tree of Dante devices', () => {
  it('has devices with what they are, those that are gone marked', () => {
    expect(texts()).toEqual(['stage | Box, 1 out, 3 in', 'a/b | gone, Box, 1 out, 3 in']);
  });

  it('has channels, streams and facts below a device', () => {
    const parts = treeChildren([stage], 'stage');
    expect(parts.map(({ label, description }) => [label, description])).toEqual([
      ['Transmit channels (1)', undefined],
      ['Receive channels (3)', '1 cannot receive'],
      ['Streams received (1)', undefined],
      ['Settings and state', undefined],
    ]);
    expect(texts(parts[0]?.id)).toEqual(['Vox | channel 1, 01']);
    expect(texts(parts[1]?.id)).toEqual([
      'Wedge | Mix@desk: receiving by unicast',
      'Spare | not subscribed',
      'Dead | x@y: they are in different clock domains',
    ]);
    expect(texts(parts[2]?.id)).toEqual(['239.255.1.2:4321 | 2 channels, 48 kHz, 1 ms']);
    expect(texts(parts[3]?.id)).toEqual([
      'Model | Box',
      'Addresses | 10.0.0.7',
      'Identity | 001dc1fffe000001',
      'Sample rate | 48 kHz',
      'Encoding | PCM 24 bits',
      'Latency | 1 ms',
      'AES67 mode | on, groups of 239.69.0.0',
      'Clock | follows 00-1D-C1-08-12-58-00-00',
      'Not read | labels: The device does not answer.',
    ]);
  });

  it('has ids that are its own, and nothing below what is not there', () => {
    const all = [undefined, 'stage', 'stage/transmit', 'stage/receive', 'stage/flows', 'stage/facts'].flatMap(
      (parent) => treeChildren([stage], parent),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(treeChildren([stage], 'nobody')).toEqual([]);
    const [odd] = treeChildren([gone]);
    expect(treeChildren([gone], odd?.id)).toHaveLength(4);
  });
});
