import type { Result } from '@tutti/base';
import { WireReader, type WireProblem } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * A message about a device's settings and state: 32 bytes of header, then a body by type. Certain: every
 * wire/protocol_FFFF_*.bin has it, but protocol_FFFF_message_0731_id_54032.bin, which a tool wrote two bytes too late.
 */
export interface SettingsMessage {
  /** The device that speaks, or in a request of a controller the controller; 16 hexadecimal digits. */
  readonly device: string;
  readonly type: number;
  readonly sequence: number;
  /** The whole message, header included. */
  readonly bytes: Uint8Array;
}

export const settingsHeaderLength = 32;
const settingsProtocol = 0xffff;
const heartbeatProtocol = 0xfffe;
const maxLength = 9000;
/** What stands at 16 in every message. */
const signature = Buffer.from('Audinate');

/**
 * Types of messages. A question is its answer's number plus one; only `platformQuestion` and `makerQuestion` are seen with the
 * answer they bring (ids 63505 and 63506, 62988 and 62989). The rest is read when a device says it by itself.
 */
export const settingsType = {
  interfaces: 0x0011,
  clock: 0x0020,
  platform: 0x0060,
  platformQuestion: 0x0061,
  sampleRate: 0x0080,
  encoding: 0x0082,
  maker: 0x00c0,
  makerQuestion: 0x00c1,
  /** Something about channels, labels, subscriptions or flows is another now: 0x0100 to 0x0105 were seen. */
  firstRoutingChange: 0x0100,
  lastRoutingChange: 0x0105,
  aes67: 0x1007,
} as const;

export function readSettingsMessage(datagram: Uint8Array): Result<SettingsMessage, WireProblem> {
  const reader = new WireReader(datagram);
  const bytes = readHead(reader, datagram, settingsProtocol);
  return reader.result({ device: reader.id(8), type: reader.u16(26), sequence: reader.u16(4), bytes });
}

/**
 * A question to a device, in the form that brought an answer in the corpus.
 * @param device its id, 16 hexadecimal digits
 */
export function writeSettingsQuestion(type: number, sequence: number, device: string): Uint8Array {
  return new WireWriter()
    .u16(settingsProtocol)
    .u16(settingsHeaderLength)
    .u16(sequence)
    .u16(0)
    .bytes(Buffer.from(device, 'hex'))
    .bytes(signature)
    .u16(0x0731)
    .u16(type)
    .u32(0)
    .toBytes();
}

function readHead(reader: WireReader, datagram: Uint8Array, protocol: number): Uint8Array {
  const length = reader.u16(2);
  if (reader.u16(0) !== protocol) reader.fail('protocol', 0, 'The message is of another protocol.');
  if (length < settingsHeaderLength || length > maxLength || length > datagram.length) {
    reader.fail('length', 2, `A length of ${length} does not fit a datagram of ${datagram.length} bytes.`);
  }
  if (!reader.failed && !signature.equals(datagram.subarray(16, 24))) {
    reader.fail('protocol', 16, 'The signature is missing.');
  }
  return datagram.subarray(0, length);
}

/**
 * What a heartbeat tells. Certain: that these records are there, in protocol_FFFE_opcode_0000_id_4108760.bin. From published
 * work only: what they mean.
 */
export interface Heartbeat {
  readonly device: string;
  /** Packets that came too late, of each stream received, since the device started; absent if it does not tell. */
  readonly latePackets?: readonly number[];
  /** Latency of each stream received, in frames. */
  readonly latencyFrames?: readonly number[];
}

const heartbeatRecord = { latency: 0x8003, late: 0x8004 } as const;
/** Most records in a heartbeat; two were seen. */
const maxRecords = 32;

/** Reads a heartbeat, which comes once a second: records of u16 length, u16 type, u16, u16, u16, u16, u16 flows, ... */
export function readHeartbeat(datagram: Uint8Array): Result<Heartbeat, WireProblem> {
  const reader = new WireReader(datagram);
  const bytes = readHead(reader, datagram, heartbeatProtocol);
  const device = reader.id(8);
  let latePackets: readonly number[] | undefined;
  let latencyFrames: readonly number[] | undefined;
  let at = settingsHeaderLength;
  for (let records = 0; records < maxRecords && at < bytes.length && !reader.failed; records++) {
    const length = reader.u16(at);
    const type = reader.u16(at + 2);
    if (length < 4 || at + length > bytes.length) {
      reader.fail('length', at, `A record of ${length} bytes does not fit.`);
      break;
    }
    if (type === heartbeatRecord.latency) latencyFrames = readFlows(reader, at, at + length);
    if (type === heartbeatRecord.late) latePackets = readFlows(reader, at, at + length);
    at += length;
  }
  return reader.result({
    device,
    ...(latePackets && { latePackets }),
    ...(latencyFrames && { latencyFrames }),
  });
}

/** Numbers of each stream: how many at 12, where they begin, from the record's start, at 16. Zeros at the end are unused. */
function readFlows(reader: WireReader, at: number, end: number): readonly number[] {
  const count = Math.min(reader.u16(at + 12), 256);
  const start = at + reader.u16(at + 16);
  const values: number[] = [];
  for (let i = 0; i < count && start + 4 * i + 4 <= end && !reader.failed; i++)
    values.push(reader.u32(start + 4 * i));
  while (values.at(-1) === 0) values.pop();
  return values;
}
