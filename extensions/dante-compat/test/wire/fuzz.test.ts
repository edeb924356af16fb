import { expect, it } from 'vitest';
import {
  readReceiveChannels,
  readTransmitChannels,
  readTransmitLabels,
} from '../../src/wire/arc-channels.ts';
import { readCounts, readIdentity, readName, readProperties } from '../../src/wire/arc-device.ts';
import { readReceiveFlows } from '../../src/wire/arc-flows.ts';
import { writePageQuestion, writePropertiesQuestion, writeQuestion } from '../../src/wire/arc-requests.ts';
import { readWho, writeWhoQuestion } from '../../src/wire/cmc-message.ts';
import { readControlMessage, type ControlMessage } from '../../src/wire/control-message.ts';
import { readSettingsBody } from '../../src/wire/settings-bodies.ts';
import { readHeartbeat, readSettingsMessage } from '../../src/wire/settings-message.ts';
import { adapter, card } from '../simulated/device-data.ts';
import {
  aes67Body,
  clockBody,
  heartbeat,
  makerBody,
  platformBody,
  settingsMessage,
} from '../simulated/settings-messages.ts';
import { SimulatedDevice } from '../simulated/simulated-device.ts';

const runs = Number(process.env['TUTTI_FUZZ_RUNS'] ?? 200_000);
const seed = Number(process.env['TUTTI_FUZZ_SEED'] ?? 20_260_103);

/** Small fast random numbers (xorshift32): the same seed gives the same run on every machine. */
function randomNumbers(start: number): (below: number) => number {
  let state = start >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Whole messages of every kind, of our own simulated devices. */
function messages(): readonly Buffer[] {
  const flows = [
    { number: 1, slots: [1, 2], address: '239.255.1.2', port: 4321, status: 10, active: 0, latencyNs: 1e6 },
  ];
  const receive = Array.from({ length: 20 }, (_, i) => ({
    label: `in ${i}`,
    status: 9,
    from: { channel: 'a', device: 'b' },
  }));
  const device = new SimulatedDevice(
    card({ flows, receive, transmit: [{ name: '01', label: 'one' }, { name: '02' }] }),
  );
  const questions = [
    ...[0x1000, 0x1002, 0x1003].map((opcode) => writeQuestion(opcode, 7)),
    ...[0x2000, 0x2010, 0x3000, 0x3200].map((opcode) => writePageQuestion(opcode, 7, 1)),
    writePropertiesQuestion(7, 0x2809),
  ];
  const answers = questions.map((question) => device.answerArc(Buffer.from(question)) ?? Buffer.alloc(0));
  const bodies: readonly (readonly [number, Buffer])[] = [
    [0x0060, platformBody(device.data)],
    [0x00c0, makerBody(device.data)],
    [0x0020, clockBody('00'.repeat(8), '11'.repeat(8), false)],
    [
      0x0080,
      Buffer.from(
        '00180006 0000bb80 00000000 00020000 0000ac44 0000bb80 00015888'.replaceAll(' ', ''),
        'hex',
      ),
    ],
    [0x0011, Buffer.alloc(76)],
    [0x1007, aes67Body(true, false)],
    [0x0102, Buffer.alloc(3)],
  ];
  return [
    ...answers,
    device.answerCmc(Buffer.from(writeWhoQuestion(1, '020000000001')), '10.0.0.1', 8700) ?? Buffer.alloc(0),
    ...bodies.map(([type, body]) => settingsMessage(adapter(), type, body)),
    heartbeat(adapter().id, [1, 2, 3]),
  ];
}

type Read = (message: ControlMessage) => {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: Refusal;
};
interface Refusal {
  readonly offset: number;
  readonly message: string;
}

const readers: readonly Read[] = [
  readCounts,
  readName,
  readIdentity,
  readProperties,
  readTransmitChannels,
  readTransmitLabels,
  readReceiveChannels,
  readReceiveFlows,
  readWho,
];

/** Everything that can be read of a datagram, or why it is refused. */
function readAll(bytes: Buffer): { values: unknown[]; refusals: Refusal[] } {
  const results: { readonly ok: boolean; readonly value?: unknown; readonly error?: Refusal }[] = [
    readHeartbeat(bytes),
  ];
  const control = readControlMessage(bytes);
  results.push(control);
  if (control.ok) results.push(...readers.map((read) => read(control.value)));
  const settings = readSettingsMessage(bytes);
  results.push(settings);
  if (settings.ok) results.push(readSettingsBody(settings.value));
  return {
    values: results.flatMap((result) => (result.ok ? [result.value] : [])),
    refusals: results.flatMap((result) => (result.error ? [result.error] : [])),
  };
}

it(`reads ${runs} damaged messages without ever throwing or leaving its bounds (seed ${seed})`, () => {
  console.log(`dante fuzz: ${runs} inputs, TUTTI_FUZZ_SEED=${seed}`);
  const random = randomNumbers(seed);
  const originals = messages();
  let taken = 0;
  for (let run = 0; run < runs; run++) {
    const original = originals[random(originals.length)] ?? Buffer.alloc(0);
    const bytes = Buffer.from(
      original.subarray(0, random(5) === 0 ? random(original.length + 1) : undefined),
    );
    // A length that fits lets the damage reach what lies behind the header.
    if (bytes.length >= 4 && random(2) === 0) bytes.writeUInt16BE(bytes.length, 2);
    for (let changes = 1 + random(4); changes > 0 && bytes.length > 0; changes--) {
      const at = random(bytes.length);
      bytes[random(8) === 0 ? at : Math.min(bytes.length - 1, 10 + random(bytes.length))] =
        random(3) === 0 ? 0xff : random(256);
    }
    const { values, refusals } = readAll(bytes);
    for (const { offset, message } of refusals) {
      if (message.length > 120 || offset < 0 || offset > bytes.length)
        expect.fail(`run ${run}: ${message} at ${offset}`);
    }
    // The header alone is not worth counting.
    if (values.length > 1) taken += 1;
    for (const value of values) {
      if (containsControl(value)) expect.fail(`run ${run}: a control character of ${bytes.toString('hex')}`);
    }
  }
  expect(taken).toBeGreaterThan(runs / 10);
  expect(taken).toBeLessThan(runs * 0.9);
}, 300_000);

function containsControl(value: unknown): boolean {
  if (typeof value === 'string') return /[\u0000-\u001f\u007f]/.test(value);
  if (Array.isArray(value)) return value.some(containsControl);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return Object.values(value).some(containsControl);
}
