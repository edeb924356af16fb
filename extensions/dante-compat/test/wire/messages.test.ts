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
import {
  readControlMessage,
  writeControlMessage,
  type ControlMessage,
} from '../../src/wire/control-message.ts';
import { readSettingsBody } from '../../src/wire/settings-bodies.ts';
import { readHeartbeat, readSettingsMessage } from '../../src/wire/settings-message.ts';
import { explainStatus } from '../../src/wire/subscription-status.ts';
import { WireReader } from '../../src/wire/wire-reader.ts';
import { adapter, card, type DeviceData } from '../simulated/device-data.ts';
import {
  aes67Body,
  clockBody,
  heartbeat,
  makerBody,
  platformBody,
  settingsMessage,
} from '../simulated/settings-messages.ts';
import { SimulatedDevice } from '../simulated/simulated-device.ts';

/** What a simulated device answers, read. */
function ask<T>(
  device: DeviceData | SimulatedDevice,
  question: Uint8Array,
  read: (message: ControlMessage) => { ok: boolean; value?: T; error?: { code: string; offset: number } },
): T | { code: string; offset: number } | undefined {
  const simulated = device instanceof SimulatedDevice ? device : new SimulatedDevice(device);
  const message = readControlMessage(simulated.answerArc(Buffer.from(question)) ?? Buffer.alloc(0));
  if (!message.ok) throw new Error(message.error.message);
  const result = read(message.value);
  return result.ok ? result.value : result.error;
}

const page = (opcode: number, first = 1): Uint8Array => writePageQuestion(opcode, 1, first);

describe('ARC', () => {
  it('gives name, identity and counts', () => {
    const device = adapter({ name: 'Bühne 1' });
    expect(ask(device, writeQuestion(0x1002, 1), readName)).toBe('Bühne 1');
    expect(ask(device, writeQuestion(0x1003, 1), readIdentity)).toEqual({
      name: 'Bühne 1',
      factoryName: 'ADAPTER-000001',
      board: 'DIOUSB',
      revision: ':800',
      arcVersion: 0x2809,
    });
    expect(ask(device, writeQuestion(0x1000, 1), readCounts)).toMatchObject({
      transmit: 2,
      receive: 2,
      labels: 0,
    });
  });

  it('gives the AES67 prefix of a device that has the mode, and none of one that has not', () => {
    const question = writePropertiesQuestion(1, 0x2809);
    expect(ask(adapter(), question, readProperties)).toMatchObject({
      aes67Prefix: '239.69.0.0',
      rtpPort: 5004,
      latencyNs: 1_000_000,
    });
    expect(ask(card(), question, readProperties)).not.toHaveProperty('aes67Prefix');
  });

  it('gives lists page by page', () => {
    const first = ask(card(), page(0x2000), readTransmitChannels);
    expect(first).toMatchObject({ more: true, entries: { length: 32, 0: { number: 1, name: '01' } } });
    expect(ask(card(), page(0x2000, 33), readTransmitChannels)).toMatchObject({
      more: false,
      entries: { 31: { number: 64 } },
    });
    expect(ask(card(), page(0x3000, 49), readReceiveChannels)).toMatchObject({
      more: false,
      entries: { length: 16, 15: { number: 64, label: '64' } },
    });
    const labelled = card({ transmit: [{ name: '01' }, { name: '02', label: 'Two' }] });
    expect(ask(labelled, page(0x2010), readTransmitLabels)).toEqual({
      more: false,
      entries: [{ channel: 2, label: 'Two' }],
    });
  });

  it('subscribes and unsubscribes', () => {
    const device = new SimulatedDevice(adapter());
    const none = (message: ControlMessage): { ok: boolean; value: number } => ({
      ok: true,
      value: message.result,
    });
    const wanted = [{ channel: 2, fromChannel: 'Vox', fromDevice: 'stage' }];
    expect(ask(device, writeSubscribe(1, wanted), none)).toBe(1);
    const state = ask(device, page(0x3000), readReceiveChannels);
    expect(state).toMatchObject({
      entries: [{ status: 0 }, { status: 1, from: { channel: 'Vox', device: 'stage' } }],
    });
    expect(ask(device, writeUnsubscribe(1, [2]), none)).toBe(1);
    expect(ask(device, page(0x3000), readReceiveChannels)).toMatchObject({
      entries: [{ status: 0 }, { status: 0 }],
    });
  });

  it('refuses to write what no device takes', () => {
    const wanted = { channel: 1, fromChannel: 'a', fromDevice: 'b' };
    expect(() => writeSubscribe(1, [])).toThrow(RangeError);
    expect(() => writeSubscribe(1, new Array(17).fill(wanted))).toThrow(RangeError);
    expect(() => writeSubscribe(1, [{ ...wanted, fromChannel: 'ü'.repeat(16) }])).toThrow(RangeError);
    expect(() => writeSubscribe(1, [{ ...wanted, fromDevice: '' }])).toThrow(RangeError);
  });

  it('gives flows with the channels that their slots go to', () => {
    const flows = [
      {
        number: 3,
        slots: [1, 17, 128],
        address: '239.255.1.2',
        port: 4321,
        status: 10,
        active: 0,
        latencyNs: 5,
      },
    ];
    expect(ask(card({ flows }), page(0x3200), readReceiveFlows)).toEqual([
      {
        number: 3,
        rate: 48_000,
        bits: 24,
        slots: [[1], [17], [128]],
        address: '239.255.1.2',
        port: 4321,
        status: 10,
        latencyNs: 5,
      },
    ]);
  });

  it('says what the device answered when it was not done', () => {
    expect(ask(adapter(), writeQuestion(0x2320, 1), readName)).toMatchObject({ code: 'opcode', offset: 6 });
    const refused = writeControlMessage({ protocol: 0x27ff, transaction: 1, opcode: 0x1002, result: 0x30 });
    const message = readControlMessage(refused);
    expect(message.ok && readName(message.value)).toMatchObject({
      ok: false,
      error: { code: 'refused', offset: 8 },
    });
  });
});

describe('a message that is broken', () => {
  const at = (bytes: readonly number[]): unknown => {
    const result = readControlMessage(Uint8Array.from(bytes));
    return result.ok ? 'ok' : [result.error.code, result.error.offset];
  };

  it('is refused with the place of the first fault', () => {
    expect(at([])).toEqual(['short', 0]);
    expect(at([0x27, 0xff, 0])).toEqual(['short', 2]);
    expect(at([0x47, 0xff, 0, 10, 0, 1, 0x10, 2, 0, 1])).toEqual(['protocol', 0]);
    expect(at([0x27, 0xff, 0, 11, 0, 1, 0x10, 2, 0, 1])).toEqual(['length', 2]);
    expect(at([0x27, 0xff, 0, 9, 0, 1, 0x10, 2, 0, 1])).toEqual(['length', 2]);
    expect(at([0x27, 0xff, 0, 10, 0, 1, 0x10, 2, 0, 1])).toBe('ok');
  });

  it('has pointers that stay inside, texts that end, and nothing a terminal would obey', () => {
    const read = (bytes: readonly number[]): unknown => {
      const reader = new WireReader(Uint8Array.from(bytes));
      return reader.result(reader.textAt(0));
    };
    expect(read([0, 0])).toEqual({ ok: true, value: undefined });
    expect(read([0, 9, 65, 0])).toMatchObject({ ok: false, error: { code: 'pointer', offset: 0 } });
    expect(read([0, 2, 65, 66])).toMatchObject({ ok: false, error: { code: 'unterminated', offset: 2 } });
    expect(read([0, 2, ...new Array<number>(256).fill(65), 0])).toMatchObject({
      ok: false,
      error: { code: 'too-long' },
    });
    expect(read([0, 2, 27, 0x5b, 0])).toEqual({ ok: true, value: '\uFFFD[' });
  });
});

describe('settings and heartbeats', () => {
  const device = adapter();
  const read = (type: number, body: Buffer): unknown => {
    const message = readSettingsMessage(settingsMessage(device, type, body));
    if (!message.ok) return message.error;
    const result = readSettingsBody(message.value);
    return result.ok ? result.value : result.error;
  };

  it('are read by type', () => {
    expect(read(0x00c0, makerBody(device))).toEqual({
      kind: 'maker',
      maker: 'Somebody',
      product: 'Adapter',
      version: '1.0.0',
    });
    expect(read(0x0060, platformBody(device))).toEqual({ kind: 'platform', board: 'DIOUSB' });
    const leader = '001dc10000010000';
    expect(read(0x0020, clockBody(device.id, leader, false))).toEqual({
      kind: 'clock',
      role: 'follower',
      leader,
      grandmaster: leader,
    });
    expect(read(0x1007, aes67Body(true, true))).toEqual({ kind: 'aes67', active: true, configured: true });
    expect(read(0x7777, Buffer.alloc(4))).toBeUndefined();
    expect(read(0x00c0, Buffer.alloc(4))).toMatchObject({ code: 'short' });
  });

  it('count late packets of each stream', () => {
    const result = readHeartbeat(heartbeat(device.id, [0, 5]));
    expect(result).toEqual({ ok: true, value: { device: device.id, latePackets: [0, 5] } });
  });

  it('are refused without their signature', () => {
    const message = settingsMessage(device, 0x1007, aes67Body(true, true));
    message[16] = 0x41 ^ 1;
    expect(readSettingsMessage(message)).toMatchObject({
      ok: false,
      error: { code: 'protocol', offset: 16 },
    });
  });
});

describe('CMC', () => {
  it('tells where a device speaks of its settings', () => {
    const answer = new SimulatedDevice(adapter()).answerCmc(
      Buffer.from(writeWhoQuestion(5, '020000000001')),
      '10.0.0.7',
      8700,
    );
    const message = readControlMessage(answer ?? Buffer.alloc(0));
    expect(message.ok && readWho(message.value)).toEqual({
      ok: true,
      value: { id: adapter().id, address: '10.0.0.7', port: 8700 },
    });
  });
});

it('a subscription has a state in words, also one that nobody has seen', () => {
  expect(explainStatus(9)).toEqual({ state: 'receiving', text: 'receiving by unicast' });
  expect(explainStatus(0x77)).toEqual({ state: 'failed', text: 'unknown state 0x77' });
});
