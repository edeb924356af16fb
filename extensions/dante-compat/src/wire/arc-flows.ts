import type { Result } from '@tutti/base';
import { arcOpcode } from './arc-requests.ts';
import { readerOf, type ControlMessage } from './control-message.ts';
import type { WireProblem, WireReader } from './wire-reader.ts';

/**
 * A stream that a device receives. Certain: protocol_2729_opcode_3200_id_23375.bin, where the channels of the slots, the
 * group 239.255.255.56:4321 and the states 9 and 10 agree with protocol_2729_opcode_3000_id_26076.bin. Likely: `latencyNs`.
 */
export interface ReceiveFlow {
  readonly number: number;
  /** Hz. */
  readonly rate: number;
  readonly bits: number;
  /** Receive channels that each slot of the stream goes to, from 1. */
  readonly slots: readonly (readonly number[])[];
  /** Where it arrives: the device's own address, or a multicast group. */
  readonly address: string;
  readonly port: number;
  /** As of a subscription: 9 unicast, 10 multicast. */
  readonly status: number;
  readonly latencyNs: number;
}

/** Bytes of a slot's mask of channels: 128 bits. */
const maskLength = 16;
/** Most slots in a stream that is read: a flow has at most 64 channels. */
const maxSlots = 64;
/** What an address begins with: its length and kind (IPv4). */
const ipv4Mark = 0x0802;

export function readReceiveFlows(message: ControlMessage): Result<readonly ReceiveFlow[], WireProblem> {
  const reader = readerOf(message, arcOpcode.receiveFlows);
  const count = reader.u8(11);
  const flows: ReceiveFlow[] = [];
  for (let i = 0; i < count && !reader.failed; i++) {
    const at = reader.u16(12 + 2 * i);
    if (at !== 0) flows.push(readFlow(reader, at));
  }
  return reader.result(flows);
}

/**
 * A record: u16 number, u16, u32 rate, u32 bits, u16 1, u16 slots, u16 8, pointer to the address, a pointer to the mask of
 * each slot, pointer to the state.
 */
function readFlow(reader: WireReader, at: number): ReceiveFlow {
  const slotCount = reader.u16(at + 14);
  if (slotCount > maxSlots) reader.fail('too-long', at + 14, `A flow of ${slotCount} slots is too large.`);
  const slots: (readonly number[])[] = [];
  for (let i = 0; i < slotCount && !reader.failed; i++) {
    slots.push(reader.channelMask(reader.u16(at + 20 + 2 * i), maskLength));
  }
  const address = reader.u16(at + 18);
  const state = reader.u16(at + 20 + 2 * slotCount);
  const known = reader.u16(address) === ipv4Mark;
  return {
    number: reader.u16(at),
    rate: reader.u32(at + 4),
    bits: reader.u32(at + 8),
    slots,
    address: known ? reader.ipv4(address + 4) : '0.0.0.0',
    port: known ? reader.u16(address + 2) : 0,
    status: reader.u16(state),
    latencyNs: reader.u32(state + 8),
  };
}
