import { headerLength, protocolId, writeControlMessage } from './control-message.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * What ARC can be asked. Certain, each with request and reply in the corpus: `counts`, `name`, `identity`, `properties`,
 * `transmitChannels`, `transmitLabels`, `receiveChannels`, `receiveFlows`, `subscribe`, `unsubscribe`.
 */
export const arcOpcode = {
  /** arc/avio-usb-1_get_channel_count_*.bin */
  counts: 0x1000,
  /** arc/192_168_1_108_get_device_name_*.bin */
  name: 0x1002,
  /** wire/protocol_27FF_opcode_1003_id_62681.bin and 62682 */
  identity: 0x1003,
  /** wire/protocol_2729_opcode_1100_id_26984.bin, reply 33687 */
  properties: 0x1100,
  /** wire/protocol_27FF_opcode_2000_id_53273.bin and 53274 */
  transmitChannels: 0x2000,
  /** wire/protocol_2809_opcode_2010_id_28781.bin and 28782 */
  transmitLabels: 0x2010,
  /** arc/avio-usb-1_get_receivers_*.bin */
  receiveChannels: 0x3000,
  /** wire/protocol_27FF_opcode_3010_id_993276.bin, reply 1002150 */
  subscribe: 0x3010,
  /** wire/protocol_27FF_opcode_3014_id_1010499.bin, reply 1010513 */
  unsubscribe: 0x3014,
  /** wire/protocol_2729_opcode_3200_id_23374.bin and 23375 */
  receiveFlows: 0x3200,
} as const;

/** A question without content. */
export function writeQuestion(opcode: number, transaction: number): Uint8Array {
  return writeControlMessage({ protocol: protocolId.arcAny, transaction, opcode });
}

/**
 * Asks for a page of a list.
 * @param first number of the first entry, from 1
 * @param protocol flows are asked in the device's own version, the rest as 0x27FF
 */
export function writePageQuestion(
  opcode: number,
  transaction: number,
  first: number,
  protocol: number = protocolId.arcAny,
): Uint8Array {
  const content = new WireWriter().u16(1).u16(first).u16(0).toBytes();
  return writeControlMessage({ protocol, transaction, opcode }, content);
}

/** Properties as a controller was seen to ask for them, all of them (protocol_2729_opcode_1100_id_26984.bin). */
const askedProperties = [
  0x0201, 0x8204, 0x8205, 0x0210, 0x0211, 0x8218, 0x8219, 0x8301, 0x8302, 0x8306, 0x0310, 0x0311, 0x0303,
  0x8021, 0x00f0, 0x8060, 0x0022, 0x0063, 0x0064, 0x0065, 0x0222, 0x0212, 0x8321,
] as const;

/** @param protocol the device's own version: the corpus shows this question in 0x2729 and 0x2809 only */
export function writePropertiesQuestion(transaction: number, protocol: number): Uint8Array {
  const content = new WireWriter().u16(askedProperties.length);
  for (const code of askedProperties) content.u16(code);
  return writeControlMessage({ protocol, transaction, opcode: arcOpcode.properties }, content.toBytes());
}

/** What one receive channel of a device is to receive. */
export interface Subscription {
  /** Receive channel, from 1. */
  readonly channel: number;
  /** Name of the transmit channel, and of the device that has it. */
  readonly fromChannel: string;
  readonly fromDevice: string;
}

/** Most subscriptions in one request: the corpus shows 16 (protocol_27FF_opcode_3010_id_993276.bin). */
export const maxSubscriptions = 16;
/** Names on these devices. */
export const maxNameBytes = 31;

/**
 * Subscribes receive channels. Certain: equals protocol_27FF_opcode_3010_id_993276.bin byte for byte.
 * @throws RangeError for more than {@link maxSubscriptions}, or a name that is empty or longer than 31 bytes
 */
export function writeSubscribe(transaction: number, subscriptions: readonly Subscription[]): Uint8Array {
  if (subscriptions.length < 1 || subscriptions.length > maxSubscriptions) {
    throw new RangeError(`1 to ${maxSubscriptions} subscriptions fit into a request`);
  }
  const records = new WireWriter().u8(2).u8(subscriptions.length);
  const texts = new WireWriter();
  const textStart = headerLength + 2 + 6 * subscriptions.length;
  const pointTo = (text: string): number => {
    const bytes = Buffer.byteLength(text);
    if (bytes < 1 || bytes > maxNameBytes)
      throw new RangeError(`"${text}" has not 1 to ${maxNameBytes} bytes`);
    const at = textStart + texts.length;
    texts.text(text);
    return at;
  };
  for (const { channel, fromChannel, fromDevice } of subscriptions) {
    records.u16(channel).u16(pointTo(fromChannel)).u16(pointTo(fromDevice));
  }
  const content = records.bytes(texts.toBytes()).toBytes();
  return writeControlMessage(
    { protocol: protocolId.arcAny, transaction, opcode: arcOpcode.subscribe },
    content,
  );
}

/** Takes subscriptions away. Certain: equals protocol_27FF_opcode_3014_id_1010499.bin byte for byte. */
export function writeUnsubscribe(transaction: number, channels: readonly number[]): Uint8Array {
  const content = new WireWriter().u16(channels.length);
  for (const channel of channels) content.u32(channel);
  return writeControlMessage(
    { protocol: protocolId.arcAny, transaction, opcode: arcOpcode.unsubscribe },
    content.toBytes(),
  );
}
