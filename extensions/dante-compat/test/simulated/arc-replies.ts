import { ByteBuilder } from './byte-builder.ts';
import type { DeviceData, FlowData, ReceiveData } from './device-data.ts';

/** The question that is answered. */
export interface Question {
  readonly protocol: number;
  readonly transaction: number;
  readonly opcode: number;
  /** The whole message. */
  readonly bytes: Buffer;
}

export const done = 0x0001;
const morePages = 0x8112;

/** Puts the header before a content that was built with pointers from offset 0, its first ten bytes unused. */
export function seal(
  builder: ByteBuilder,
  { protocol, transaction, opcode }: Question,
  result = done,
): Buffer {
  [protocol, builder.length, transaction, opcode, result].forEach((value, i) => builder.setU16(2 * i, value));
  return builder.toBuffer();
}

export function reply(stale: readonly string[] = []): ByteBuilder {
  return new ByteBuilder(stale).hex('00'.repeat(10));
}

export function countsReply(device: DeviceData, question: Question): Buffer {
  const labels = device.transmit.filter(({ label }) => label !== undefined).length;
  const builder = reply().u16(device.capability, device.transmit.length, device.receive.length, labels);
  return seal(builder.u16(...device.limits).hex('00'.repeat(device.countsTail)), question);
}

export function nameReply(device: DeviceData, question: Question): Buffer {
  const builder = reply();
  builder.text(device.name);
  return seal(builder, question);
}

/** Pointers to areas of names and versions, then strings in fields of 32 bytes. */
export function identityReply(device: DeviceData, question: Question): Buffer {
  const builder = reply();
  const gap = device.identityGap.length / 2;
  const names = 20 + gap;
  const versions = names + 12;
  const text = versions + Buffer.from(device.identityVersions.replaceAll(' ', ''), 'hex').length;
  const board = text + 64;
  builder.u16(gap === 0 ? 0 : names, names, versions, board, board + device.board.length + 1);
  builder
    .hex(device.identityGap)
    .u16(0x0500, text, text + 32, text)
    .u32(0)
    .hex(device.identityVersions);
  builder.field(device.name, 32).field(device.factoryName, 32).text(device.board);
  builder.text(device.revision);
  return seal(builder, question);
}

/** Properties in the order of the question; those with the top bit point to 32 bits (0x8021: to 16 bytes). */
export function propertiesReply(device: DeviceData, question: Question): Buffer {
  const codes = words(question.bytes.subarray(12));
  const builder = reply().u8(codes.length, codes.length);
  const wide = new ByteBuilder();
  const wideStart = 12 + 4 * codes.length;
  for (const code of codes) {
    const value = device.properties[code];
    if (value === undefined) builder.u16(0, code);
    else if (code < 0x8000) builder.u16(code, value);
    else {
      builder.u16(code, wideStart + wide.length);
      wide.u32(value).hex(code === 0x8021 ? '00'.repeat(12) : '');
    }
  }
  return seal(builder.u8(...wide.toBuffer()), question);
}

const transmitCapacity = 32;

export function transmitPage(device: DeviceData, question: Question): Buffer {
  const { first, list, more, capacity } = page(device.transmit, transmitCapacity, question);
  const builder = reply().u8(capacity, list.length);
  for (let i = 0; i < list.length; i++) builder.u16(first + i, 0x0107, 0, 0);
  builder.padTo(12 + 8 * capacity);
  const format = builder.length;
  builder.hex(device.format);
  list.forEach(({ name }, i) => {
    builder.setU16(16 + 8 * i, format);
    builder.setU16(18 + 8 * i, builder.text(name));
  });
  // The next page's first name stands behind the last one of this.
  const next = device.transmit[first - 1 + list.length];
  if (more && next) builder.text(next.name);
  return seal(builder, question, more ? morePages : done);
}

export function labelPage(device: DeviceData, question: Question, stale: readonly string[] = []): Buffer {
  const labels = device.transmit.flatMap(({ label }, i) =>
    label === undefined ? [] : [{ channel: i + 1, label }],
  );
  const asked = question.bytes.readUInt16BE(14);
  const capacity = asked === 0 ? transmitCapacity : Math.min(transmitCapacity, asked);
  const { first, list, more } = page(labels, capacity, question);
  const builder = reply(stale).u8(capacity, list.length);
  list.forEach(({ channel }, i) => builder.u16(first + i, channel, 0));
  builder.padTo(12 + 8 * capacity);
  list.forEach(({ label }, i) => builder.setU16(16 + 6 * i, builder.text(label)));
  return seal(builder, question, more ? morePages : done);
}

const receiveCapacity = 16;

export function receivePage(device: DeviceData, question: Question, stale: readonly string[] = []): Buffer {
  const { first, list, more, capacity } = page(device.receive, receiveCapacity, question);
  const builder = reply(stale).u8(capacity, list.length);
  list.forEach(({ status, receiving = 0 }, i) =>
    builder.u16(first + i, device.receiveFlags, 0, 0, 0, 0, receiving, status).u32(0),
  );
  const known = new Map<string, number>();
  const once = (text: string): number => {
    const at = known.get(text) ?? builder.text(text);
    known.set(text, at);
    return at;
  };
  let format = 0;
  /** Texts of a channel, and the format behind those of the first one's subscription; where they stand is the result. */
  const write = ({ from, label, factoryName = label }: ReceiveData): readonly number[] => {
    const pointers = from ? [once(from.channel), once(from.device)] : [0, 0];
    if (format === 0) {
      format = builder.align(4).length;
      builder.hex(device.format);
    }
    pointers.push(builder.text(label));
    if (device.writesFactoryNames) builder.text(factoryName);
    return pointers;
  };
  list.forEach((channel, i) => {
    [...write(channel)].forEach((pointer, k) => builder.setU16(18 + 20 * i + 2 * k, pointer));
    builder.setU16(16 + 20 * i, format);
  });
  // The next page's first channel stands behind the last one of this.
  const next = device.receive[first - 1 + list.length];
  if (more && next) write(next);
  return seal(builder, question, more ? morePages : done);
}

const flowCapacity = 16;

export function flowsReply(device: DeviceData, question: Question): Buffer {
  const builder = reply().u8(flowCapacity, device.flows.length).hex('0000'.repeat(flowCapacity));
  device.flows.forEach((flow, i) => {
    builder.setU16(12 + 2 * i, builder.length);
    writeFlow(builder, flow);
  });
  return seal(builder, question);
}

function writeFlow(builder: ByteBuilder, flow: FlowData): void {
  const at = builder.length;
  builder.u16(flow.number, 1).u32(48_000, 24).u16(1, flow.slots.length, 8, 0);
  const masks = at + 22 + 2 * flow.slots.length;
  builder.u16(...flow.slots.map((_, i) => masks + 16 * i), 0);
  for (const channel of flow.slots) {
    const mask = new Array<number>(8).fill(0);
    mask[(channel - 1) >> 4] = 1 << ((channel - 1) & 15);
    builder.u16(...mask);
  }
  builder.setU16(at + 18, builder.align(4).length);
  builder.u16(0x0802, flow.port).u8(...flow.address.split('.').map(Number));
  builder.setU16(at + 20 + 2 * flow.slots.length, builder.length);
  builder.u16(flow.status, flow.active, 0x0800, 0).u32(flow.latencyNs, 0);
}

function page<T>(
  all: readonly T[],
  most: number,
  question: Question,
): { first: number; list: readonly T[]; more: boolean; capacity: number } {
  const first = Math.max(1, question.bytes.readUInt16BE(12));
  const capacity = Math.min(most, all.length);
  const list = all.slice(first - 1, first - 1 + most);
  return { first, list, more: first - 1 + list.length < all.length, capacity };
}

function words(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readUInt16BE(2 * i));
}
