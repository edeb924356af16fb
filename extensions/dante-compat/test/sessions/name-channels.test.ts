import { readSdp, type SessionDescription } from '@tutti/model';
import { describe, expect, it } from 'vitest';
import type { DanteDevice } from '../../src/devices/device.ts';
import { nameChannels, senderOf } from '../../src/sessions/name-channels.ts';

const channel = (number: number, label: string, factoryName = label) => ({ number, label, factoryName });

function device(change: Partial<DanteDevice> = {}): DanteDevice {
  return {
    name: 'stage',
    state: 'present',
    lastSeen: '2026-01-01T00:00:00.000Z',
    endpoints: [],
    addresses: ['10.0.0.7'],
    reading: { transmit: [channel(1, 'Vox', 'Left'), channel(2, 'Right')], receive: [], gaps: [] },
    settings: { maker: 'Makers', product: 'Box' },
    ...change,
  };
}

function session(
  change: { address?: string; name?: string; labels?: string; channels?: number; keywords?: string } = {},
): SessionDescription {
  const {
    address = '10.0.0.7',
    name = 'stage : 2',
    labels = 'i=2 channels: Left, Right',
    channels = 2,
    keywords = 'a=keywds:Dante',
  } = change;
  const lines = [
    'v=0',
    `o=- 1 2 IN IP4 ${address}`,
    `s=${name}`,
    'c=IN IP4 239.69.1.2/32',
    't=0 0',
    keywords,
  ];
  const media = [
    'm=audio 5004 RTP/AVP 97',
    labels,
    'a=recvonly',
    `a=rtpmap:97 L24/48000/${channels}`,
    'a=ptime:1',
  ];
  const { session: read } = readSdp([...lines, ...media, ''].filter(Boolean).join('\r\n'));
  if (!read) throw new Error('not readable');
  return read;
}

const labels = (description: SessionDescription): readonly string[] | undefined =>
  description.streams[0]?.channelLabels;

describe('a session of a Dante device', () => {
  it('has the names that people gave to its channels, and says whose it is', () => {
    const named = nameChannels(session(), [device()]);
    expect(labels(named)).toEqual(['Vox', 'Right']);
    expect(named.information).toBe('Dante device stage (Makers Box)');
    expect(named.name).toBe('stage : 2');
  });

  it('keeps names that the device does not know, as after a change of its own', () => {
    expect(labels(nameChannels(session({ labels: 'i=2 channels: Gone, Left' }), [device()]))).toEqual([
      'Gone',
      'Vox',
    ]);
  });

  it('is named in order if it names nothing and has all that the device sends', () => {
    expect(labels(nameChannels(session({ labels: '' }), [device()]))).toEqual(['Vox', 'Right']);
    expect(labels(nameChannels(session({ labels: '', channels: 1 }), [device()]))).toEqual([]);
  });

  it('is found by its address first, then by its name if it says that it is from Dante', () => {
    const [elsewhere, gone] = [device({ addresses: ['10.0.0.8'] }), device({ name: 'old', state: 'gone' })];
    expect(senderOf(session(), [gone, device()])?.name).toBe('stage');
    expect(senderOf(session(), [gone])?.name).toBe('old');
    expect(senderOf(session(), [elsewhere])?.name).toBe('stage');
    expect(senderOf(session({ keywords: '' }), [elsewhere])).toBeUndefined();
    expect(senderOf(session({ name: 'stage' }), [elsewhere])).toBeUndefined();
  });

  it('stays as it is if no known device sends it', () => {
    const other = session({ address: '10.0.0.99', keywords: '' });
    expect(nameChannels(other, [device()])).toBe(other);
    const { reading, ...unread } = device();
    expect(reading).toBeDefined();
    expect(labels(nameChannels(session(), [unread]))).toEqual(['Left', 'Right']);
  });
});
