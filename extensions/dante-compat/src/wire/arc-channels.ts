import type { Result } from '@tutti/base';
import { arcOpcode } from './arc-requests.ts';
import { readerOf, resultCode, type ControlMessage } from './control-message.ts';
import type { WireProblem, WireReader } from './wire-reader.ts';

/** Part of a list, and whether more of it can be asked for. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly more: boolean;
}

/**
 * What channels carry. Certain: `rate` (48000 in every reply), `bits` where it is 16, 24 or 32; the AD4D writes 0x1304 there
 * (protocol_27FF_opcode_2000_id_53274.bin), which is left out.
 */
export interface ChannelFormat {
  /** Hz. */
  readonly rate: number;
  readonly bits?: number;
}

/** Certain: protocol_2729_opcode_2000_id_23334.bin, protocol_27FF_opcode_2000_id_53274.bin. */
export interface TransmitChannel {
  /** From 1. */
  readonly number: number;
  /** Name it left the factory with. */
  readonly name: string;
  readonly format?: ChannelFormat;
}

/** Certain: labels 11 to 16 in protocol_2729_opcode_2010_id_23371.bin are those of the preset, dante_controller_preset.xml. */
export interface TransmitLabel {
  readonly channel: number;
  readonly label: string;
}

/**
 * Certain: arc/*_get_receivers_response.bin, protocol_2729_opcode_3000_id_26076.bin. Of {@link SubscriptionStatus} the corpus
 * shows 0, 1, 4, 9 and 10.
 */
export interface ReceiveChannel {
  readonly number: number;
  readonly label: string;
  /** What it is subscribed to; absent if nothing. A device of `.` is the receiver itself. */
  readonly from?: { readonly channel: string; readonly device: string };
  readonly status: number;
  readonly format?: ChannelFormat;
}

export function readTransmitChannels(message: ControlMessage): Result<Page<TransmitChannel>, WireProblem> {
  return readPage(message, arcOpcode.transmitChannels, 8, (reader, at) => ({
    number: reader.u16(at),
    name: reader.textAt(at + 6) ?? '',
    ...readFormat(reader, at + 4),
  }));
}

export function readTransmitLabels(message: ControlMessage): Result<Page<TransmitLabel>, WireProblem> {
  return readPage(message, arcOpcode.transmitLabels, 6, (reader, at) => ({
    channel: reader.u16(at + 2),
    label: reader.textAt(at + 4) ?? '',
  }));
}

export function readReceiveChannels(message: ControlMessage): Result<Page<ReceiveChannel>, WireProblem> {
  return readPage(message, arcOpcode.receiveChannels, 20, (reader, at) => {
    const channel = reader.textAt(at + 6);
    const device = reader.textAt(at + 8);
    return {
      number: reader.u16(at),
      label: reader.textAt(at + 10) ?? '',
      ...(channel !== undefined && device !== undefined ? { from: { channel, device } } : {}),
      status: reader.u16(at + 14),
      ...readFormat(reader, at + 4),
    };
  });
}

/** Pages begin with u8 capacity and u8 count; records of fixed length follow. */
function readPage<T>(
  message: ControlMessage,
  opcode: number,
  recordLength: number,
  readRecord: (reader: WireReader, at: number) => T,
): Result<Page<T>, WireProblem> {
  const reader = readerOf(message, opcode);
  const count = reader.u8(11);
  const entries: T[] = [];
  for (let i = 0; i < count && !reader.failed; i++) entries.push(readRecord(reader, 12 + recordLength * i));
  return reader.result({ entries, more: message.result === resultCode.morePages });
}

/** Follows a pointer to a format: u32 rate, two bytes, u16 bits. */
function readFormat(reader: WireReader, at: number): { readonly format?: ChannelFormat } {
  const pointer = reader.u16(at);
  if (pointer === 0) return {};
  const rate = reader.u32(pointer);
  const bits = reader.u16(pointer + 6);
  return { format: { rate, ...([16, 24, 32].includes(bits) ? { bits } : {}) } };
}
