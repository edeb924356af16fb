import type { Result } from '@tutti/base';
import { describe, expect, it } from 'vitest';
import {
  readReceiveChannels,
  readTransmitChannels,
  readTransmitLabels,
} from '../../src/wire/arc-channels.ts';
import { readCounts, readIdentity, readName, readProperties } from '../../src/wire/arc-device.ts';
import { readReceiveFlows } from '../../src/wire/arc-flows.ts';
import {
  writePageQuestion,
  writePropertiesQuestion,
  writeQuestion,
  writeSubscribe,
  writeUnsubscribe,
} from '../../src/wire/arc-requests.ts';
import { readWho, writeWhoQuestion } from '../../src/wire/cmc-message.ts';
import { readControlMessage, type ControlMessage } from '../../src/wire/control-message.ts';
import { readSettingsBody } from '../../src/wire/settings-bodies.ts';
import {
  readHeartbeat,
  readSettingsMessage,
  settingsType,
  writeSettingsQuestion,
} from '../../src/wire/settings-message.ts';
import type { WireProblem } from '../../src/wire/wire-reader.ts';
import { corpusFile, corpusFiles } from '../corpus.ts';

/** Reads a message of the corpus, which must not fail. */
function read<T>(name: string, reader: (message: ControlMessage) => Result<T, WireProblem>): T {
  const message = readControlMessage(corpusFile(name));
  if (!message.ok) throw new Error(message.error.message);
  const result = reader(message.value);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function settings(name: string): unknown {
  const message = readSettingsMessage(corpusFile(name));
  if (!message.ok) throw new Error(message.error.message);
  const body = readSettingsBody(message.value);
  return body.ok ? body.value : body.error;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('messages of real devices', () => {
  it(`are there or said to be missing: ${corpusFiles.length}`, () => {
    expect(corpusFiles.length === 0 || corpusFiles.length > 140).toBe(true);
  });

  /** What is broken: four bytes of a message, and one that a tool wrote two bytes too late. */
  const broken = /known_opcode_known|message_0731/;
  it.each(corpusFiles.map(({ name, bytes }) => [name, bytes] as const))(
    '%s has a header that reads',
    (name, bytes) => {
      const results = [readControlMessage(bytes), readSettingsMessage(bytes), readHeartbeat(bytes)];
      expect(results.filter(({ ok }) => ok)).toHaveLength(broken.test(name) ? 0 : 1);
      for (const result of results) {
        if (!result.ok) expect(result.error.message).toMatch(/^.{20,}\.$/);
      }
    },
  );

  // Replies that say they were done, by opcode: every one must read.
  const readers: Readonly<Record<number, (message: ControlMessage) => Result<unknown, WireProblem>>> = {
    0x1000: readCounts,
    0x1002: readName,
    0x1003: readIdentity,
    0x1100: readProperties,
    0x2000: readTransmitChannels,
    0x2010: readTransmitLabels,
    0x3000: readReceiveChannels,
    0x3200: readReceiveFlows,
  };
  const replies = corpusFiles.flatMap(({ name, bytes }) => {
    const message = readControlMessage(bytes);
    const reader =
      message.ok && message.value.protocol !== 0x1200 ? readers[message.value.opcode] : undefined;
    return message.ok && reader && [1, 0x8112].includes(message.value.result)
      ? [[name, message.value, reader] as const]
      : [];
  });
  it.skipIf(corpusFiles.length === 0)('have replies of every kind that is read', () => {
    expect(replies.length).toBeGreaterThan(30);
    expect(new Set(replies.map(([, { opcode }]) => opcode)).size).toBe(8);
  });
  it.each(replies)('%s reads to its end', (_, message, reader) => {
    const result = reader(message);
    expect(result.ok ? undefined : result.error).toBeUndefined();
  });
});

describe.skipIf(corpusFiles.length === 0)('what real devices say', () => {
  it('is read as the preset that a controller wrote has it', () => {
    expect(read('192_168_1_108_get_device_name_response', readName)).toBe('lx-dante');
    expect(read('lx-dante_get_channel_count_response', readCounts)).toMatchObject({
      transmit: 128,
      receive: 128,
      labels: 6,
    });
    expect(read('avio-bt-1_get_channel_count_response', readCounts)).toMatchObject({
      transmit: 2,
      receive: 1,
    });
    expect(read('27FF_opcode_1000_id_53117', readCounts)).toMatchObject({
      transmit: 64,
      receive: 1,
      labels: 0,
    });
    expect(read('2729_opcode_2010_id_23371', readTransmitLabels)).toEqual({
      more: false,
      entries: [
        { channel: 15, label: 'linux-music:left' },
        { channel: 11, label: 'linux-main:left' },
        { channel: 12, label: 'linux-main:right' },
        { channel: 16, label: 'linux-music:right' },
        { channel: 13, label: 'mic-mix-high' },
        { channel: 14, label: 'mic-mix-low' },
      ],
    });
  });

  it('names the device, whatever the order of its areas', () => {
    expect(read('27FF_opcode_1003_id_62682', readIdentity)).toEqual({
      name: 'ad4d',
      factoryName: 'AD4D-fd4e13',
      board: 'Audinate DCM',
      revision: ':800',
      arcVersion: 0x2801,
    });
    expect(read('2809_opcode_1003_id_17593', readIdentity)).toEqual({
      name: 'avio-bt-11',
      factoryName: 'AVIOBT-5279b6',
      board: 'DIOBT',
      revision: ':800',
      arcVersion: 0x2809,
    });
  });

  it('tells a device with AES67 mode from one without', () => {
    expect(read('2809_opcode_1100_id_4078014', readProperties)).toEqual({
      latencyNs: 1_000_000,
      minLatencyNs: 1_000_000,
      maxLatencyNs: 10_979_167,
      transmitFrames: 16,
      receiveFrames: 16,
      aes67Prefix: '239.69.0.0',
      rtpPort: 5004,
    });
    const card = read('2729_opcode_1100_id_33687', readProperties);
    expect(card).toMatchObject({ latencyNs: 150_000, maxLatencyNs: 21_333_334 });
    expect(card.aes67Prefix).toBeUndefined();
    expect(card.rtpPort).toBeUndefined();
  });

  it('gives channels, page by page', () => {
    const page = read('2729_opcode_2000_id_25948', readTransmitChannels);
    expect(page.more).toBe(true);
    expect(page.entries).toHaveLength(32);
    expect(page.entries[31]).toEqual({ number: 64, name: '64', format: { rate: 48_000, bits: 24 } });
    const last = read('27FF_opcode_2000_id_53274', readTransmitChannels);
    expect(last.more).toBe(false);
    expect(last.entries[0]).toEqual({ number: 33, name: '33', format: { rate: 48_000 } });
  });

  it('gives subscriptions and their state', () => {
    const page = read('2729_opcode_3000_id_26076', readReceiveChannels);
    expect(page.more).toBe(true);
    expect(page.entries).toHaveLength(16);
    expect(page.entries[2]).toMatchObject({
      number: 3,
      label: 'shelford-channel:minus-6db',
      status: 1,
      from: { channel: 'shelford-channel-minus-6db', device: 'a32' },
    });
    expect(page.entries[4]?.from).toBeUndefined();
    expect(page.entries[10]).toMatchObject({
      label: 'macbook-personal:left',
      status: 10,
      from: { device: 'avio-usb-2' },
    });
    expect(page.entries[14]).toMatchObject({
      label: 'vrroom:left',
      status: 9,
      from: { device: 'avio-aes3-1' },
    });
    expect(read('2729_opcode_3000_id_26115', readReceiveChannels).entries[0]).toMatchObject({
      number: 33,
      status: 4,
      from: { channel: '33', device: '.' },
    });
    expect(read('avio-bt-1_get_receivers_response', readReceiveChannels).entries).toEqual([
      {
        number: 1,
        label: 'mic-mix',
        status: 1,
        from: { channel: 'shelford-channel', device: 'a32' },
        format: { rate: 48_000, bits: 24 },
      },
    ]);
  });

  it('gives flows whose channels and state agree with the subscriptions', () => {
    expect(read('2729_opcode_3200_id_23375', readReceiveFlows)).toEqual([
      {
        number: 1,
        rate: 48_000,
        bits: 24,
        slots: [[15], [16]],
        address: '192.168.1.108',
        port: 14_337,
        status: 9,
        latencyNs: 2_000_000,
      },
      {
        number: 2,
        rate: 48_000,
        bits: 24,
        slots: [[17], [18]],
        address: '192.168.1.108',
        port: 14_339,
        status: 9,
        latencyNs: 1_000_000,
      },
      {
        number: 3,
        rate: 48_000,
        bits: 24,
        slots: [[11], [12]],
        address: '239.255.255.56',
        port: 4321,
        status: 10,
        latencyNs: 1_000_000,
      },
    ]);
  });

  it('gives who it is and where its settings are spoken of', () => {
    expect(read('1200_opcode_1001_id_27656', readWho)).toEqual({
      id: '001dc1fffe5279b6',
      address: '192.168.1.61',
      port: 8700,
    });
  });

  it('gives settings', () => {
    expect(settings('FFFF_message_00C0_id_62989')).toEqual({
      kind: 'maker',
      maker: 'Digigram',
      product: 'LX-DANTE',
      version: '1.0.0',
    });
    expect(settings('FFFF_message_0060_id_63506')).toEqual({ kind: 'platform', board: 'Dante PCIe IF' });
    expect(settings('FFFF_message_0060_id_27666')).toEqual({ kind: 'platform', board: 'DIOBT' });
    expect(settings('FFFF_message_0080_id_678575')).toEqual({
      kind: 'sampleRate',
      rate: 48_000,
      offered: [44_100, 48_000, 88_200, 96_000, 176_400, 192_000],
    });
    expect(settings('FFFF_message_0082_id_679196')).toEqual({
      kind: 'encoding',
      bits: 24,
      offered: [24, 16, 32],
    });
    expect(settings('FFFF_message_0011_id_4674247')).toEqual({
      kind: 'interfaces',
      mac: '001dc150cac5',
      address: '192.168.1.36',
      netmask: '255.255.255.0',
      linkSpeed: 100,
    });
    expect(settings('FFFF_message_1007_id_4113124')).toEqual({
      kind: 'aes67',
      active: false,
      configured: true,
    });
    expect(settings('FFFF_message_0104_id_27613')).toEqual({ kind: 'routingChanged' });
    expect(settings('arc/multicast_rx_flow_change')).toEqual({ kind: 'routingChanged' });
    expect(settings('FFFF_message_0078_id_23386')).toBeUndefined();
  });

  it('gives one clock from both ends: the leader and a follower', () => {
    const grandmaster = '001dc10812580000';
    expect(settings('FFFF_message_0020_id_4108765')).toEqual({
      kind: 'clock',
      role: 'follower',
      leader: grandmaster,
      grandmaster,
    });
    expect(settings('FFFF_message_0020_id_4329890')).toEqual({
      kind: 'clock',
      role: 'leader',
      leader: grandmaster,
      grandmaster,
    });
  });

  it('gives what a heartbeat counts', () => {
    expect(readHeartbeat(corpusFile('FFFE_opcode_0000_id_4108760'))).toEqual({
      ok: true,
      value: {
        device: '001dc10812580000',
        latePackets: [1746, 0, 1985],
        latencyFrames: [16, 17, 16, 17, 17],
      },
    });
  });
});

describe.skipIf(corpusFiles.length === 0)('what we ask', () => {
  it('is byte for byte what was seen to be asked', () => {
    expect(hex(writeQuestion(0x1002, 0xc546))).toBe(hex(corpusFile('192_168_1_108_get_device_name_request')));
    expect(hex(writeQuestion(0x1000, 0x5e02))).toBe(hex(corpusFile('avio-aes3-1_get_channel_count_request')));
    expect(hex(writeQuestion(0x1003, 1))).toBe(hex(corpusFile('27FF_opcode_1003_id_62681')));
    expect(hex(writePageQuestion(0x3000, 0xb099, 1))).toBe(
      hex(corpusFile('avio-aes3-1_get_receivers_request')),
    );
    expect(hex(writePageQuestion(0x2000, 0, 0x21))).toBe(hex(corpusFile('27FF_opcode_2000_id_53273')));
    expect(hex(writePageQuestion(0x3200, 0x133f, 1, 0x2729))).toBe(
      hex(corpusFile('2729_opcode_3200_id_23374')),
    );
    expect(hex(writePropertiesQuestion(0x2395, 0x2729))).toBe(hex(corpusFile('2729_opcode_1100_id_26984')));
    expect(hex(writeWhoQuestion(0x290b, '3e42274cff24'))).toBe(hex(corpusFile('1200_opcode_1001_id_27655')));
    expect(hex(writeSettingsQuestion(settingsType.makerQuestion, 0x0fdb, '001dc10812580000'))).toBe(
      hex(corpusFile('FFFF_message_00C1_id_62988')),
    );
    expect(hex(writeSettingsQuestion(settingsType.platformQuestion, 0x0fdb, '001dc10812580000'))).toBe(
      hex(corpusFile('FFFF_message_0061_id_63505')),
    );
  });

  it('subscribes and unsubscribes as was seen', () => {
    const labels = [
      'linux-main:left',
      'linux-main:right',
      'mic-mix-high',
      'mic-mix-low',
      'linux-music:left',
      'linux-music:right',
    ];
    const names = [...Array.from({ length: 10 }, (_, i) => String(i + 1).padStart(2, '0')), ...labels];
    const subscriptions = names.map((fromChannel, i) => ({
      channel: i + 1,
      fromChannel,
      fromDevice: 'lx-dante',
    }));
    expect(hex(writeSubscribe(0, subscriptions))).toBe(hex(corpusFile('27FF_opcode_3010_id_993276')));
    const channels = Array.from({ length: 17 }, (_, i) => i + 1);
    expect(hex(writeUnsubscribe(0, channels))).toBe(hex(corpusFile('27FF_opcode_3014_id_1010499')));
  });
});
