import type { Result } from '@tutti/base';
import { WireReader, type WireProblem } from './wire-reader.ts';

/**
 * One message of the framing that ARC (routing, port 4440) and CMC (registration, port 8800) share: ten bytes of header,
 * then content whose pointers count from the header's first byte. Certain: every file of corpus dante/arc and dante/wire
 * but the settings messages has it.
 */
export interface ControlMessage {
  /** Protocol and its version: 0x27FF any ARC, 0x2729 ARC 2.7.41, 0x2809 ARC 2.8.9, 0x1200 CMC 1.2.0. */
  readonly protocol: number;
  /** Chosen by who asks, echoed by who answers. */
  readonly transaction: number;
  readonly opcode: number;
  readonly result: number;
  /** The whole message, header included, without what the datagram holds behind it. */
  readonly bytes: Uint8Array;
}

export const headerLength = 10;
/** Longest message taken; the longest one seen is 872 bytes (protocol_2729_opcode_3000_id_26076.bin). */
const maxLength = 9000;

export const protocolId = { arcAny: 0x27ff, arc27: 0x2729, arc28: 0x2809, cmc: 0x1200 } as const;

/**
 * What a device answers with. Certain: `request`, `done`, `morePages` (pages of a 128 channel device), `refused`
 * (protocol_2729_opcode_2320_id_23381.bin). From published work only: `failed`, `locked`.
 */
export const resultCode = {
  request: 0,
  done: 0x0001,
  failed: 0x0022,
  refused: 0x0030,
  locked: 0x0600,
  morePages: 0x8112,
} as const;

/** Reads the header; who reads the content must look at opcode and result. */
export function readControlMessage(datagram: Uint8Array): Result<ControlMessage, WireProblem> {
  const reader = new WireReader(datagram);
  const protocol = reader.u16(0);
  const length = reader.u16(2);
  const transaction = reader.u16(4);
  const opcode = reader.u16(6);
  const result = reader.u16(8);
  if (!isControlProtocol(protocol)) {
    reader.fail('protocol', 0, `0x${protocol.toString(16)} is not a protocol of ARC or CMC.`);
  }
  if (length < headerLength || length > maxLength || length > datagram.length) {
    reader.fail('length', 2, `A length of ${length} does not fit a datagram of ${datagram.length} bytes.`);
  }
  return reader.result({ protocol, transaction, opcode, result, bytes: datagram.subarray(0, length) });
}

export interface ControlRequest {
  readonly protocol: number;
  readonly transaction: number;
  readonly opcode: number;
  /** Absent in a request. */
  readonly result?: number;
}

/** Writes a message; pointers in the content count from the message's start, ten bytes before it. */
export function writeControlMessage(
  { protocol, transaction, opcode, result = resultCode.request }: ControlRequest,
  content: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const bytes = new Uint8Array(headerLength + content.length);
  const view = new DataView(bytes.buffer);
  [protocol, bytes.length, transaction, opcode, result].forEach((value, i) => view.setUint16(2 * i, value));
  bytes.set(content, headerLength);
  return bytes;
}

/** A reader for the content of a reply, which has failed already if the reply is another one or says that it failed. */
export function readerOf(message: ControlMessage, opcode: number): WireReader {
  const reader = new WireReader(message.bytes);
  if (message.opcode !== opcode) {
    reader.fail(
      'opcode',
      6,
      `The reply is to 0x${message.opcode.toString(16)}, not 0x${opcode.toString(16)}.`,
    );
  } else if (message.result !== resultCode.done && message.result !== resultCode.morePages) {
    reader.fail('refused', 8, explainResult(message.result));
  }
  return reader;
}

function explainResult(result: number): string {
  switch (result) {
    case resultCode.request:
      return 'The message is a request, not a reply.';
    case resultCode.refused:
      return 'The device does not offer this.';
    case resultCode.locked:
      return 'The device is locked by its PIN.';
    default:
      return `The device answers with error 0x${result.toString(16)}.`;
  }
}

function isControlProtocol(protocol: number): boolean {
  return protocol >> 12 === 2 || protocol >> 8 === 0x12;
}
