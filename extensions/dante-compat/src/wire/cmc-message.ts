import type { Result } from '@tutti/base';
import { protocolId, readerOf, writeControlMessage, type ControlMessage } from './control-message.ts';
import type { WireProblem } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/** What CMC can be asked: who a device is and where its settings are spoken of. */
const whoOpcode = 0x1001;

/**
 * Certain: protocol_1200_opcode_1001_id_27655.bin.
 * @param mac of the interface that asks, twelve hexadecimal digits
 */
export function writeWhoQuestion(transaction: number, mac: string): Uint8Array {
  const content = new WireWriter().u16(0).bytes(Buffer.from(mac, 'hex')).u16(0).toBytes();
  return writeControlMessage({ protocol: protocolId.cmc, transaction, opcode: whoOpcode }, content);
}

/** Certain: protocol_1200_opcode_1001_id_27656.bin. */
export interface SettingsPlace {
  /** EUI-64 of the device, or its MAC and 0000; 16 hexadecimal digits. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
}

export function readWho(message: ControlMessage): Result<SettingsPlace, WireProblem> {
  const reader = readerOf(message, whoOpcode);
  return reader.result({ id: reader.id(12), address: reader.ipv4(24), port: reader.u16(28) });
}
