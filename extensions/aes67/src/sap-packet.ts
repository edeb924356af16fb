import { inflateSync } from 'node:zlib';
import type { Result } from '@tutti/base';
import { parseIpv4 } from '@tutti/model';

/** One SAP message (RFC 2974 section 3). */
export interface SapPacket {
  readonly kind: 'announce' | 'delete';
  /** Opaque 16 bits; with the source it names one version of an announcement. 0 means: do not rely on it. */
  readonly hash: number;
  /** Originating source as written in the message, which need not be the datagram's source. */
  readonly origin: string;
  /** Session description; of a deletion often only the o= line, or nothing. */
  readonly payload: string;
}

/** Why a datagram is not taken. Codes are stable. */
export interface SapProblem {
  readonly code:
    'short' | 'version' | 'encrypted' | 'truncated' | 'inflate' | 'payload-type' | 'too-long' | 'origin';
  readonly message: string;
}

/** Bytes a payload may have, before and after inflating. */
const maxPayload = 64 * 1024;
/** Bytes of the MIME type that may stand before the payload. */
const maxType = 128;

const flag = { ipv6: 0x10, delete: 0x04, encrypted: 0x02, compressed: 0x01 } as const;

/**
 * Reads a SAP datagram: IPv4 and IPv6 origins, authentication data skipped, zlib payloads inflated up to 64 KiB, with or
 * without a payload type. Outside data: never throws, says why it refuses.
 */
export function readSapPacket(bytes: Uint8Array): Result<SapPacket, SapProblem> {
  if (bytes.length < 8) return refuse('short', 'The message is shorter than a SAP header.');
  const [flags = 0, authWords = 0, hashHigh = 0, hashLow = 0] = bytes;
  if (flags >> 5 !== 1) return refuse('version', `SAP version ${flags >> 5} is not 1.`);
  if (flags & flag.encrypted) return refuse('encrypted', 'The message is encrypted and cannot be read.');
  const originLength = flags & flag.ipv6 ? 16 : 4;
  const start = 4 + originLength + 4 * authWords;
  if (start > bytes.length) return refuse('truncated', 'The message ends inside its header.');
  const body = readBody(bytes.subarray(start), (flags & flag.compressed) !== 0);
  if (!body.ok) return body;
  return {
    ok: true,
    value: {
      kind: flags & flag.delete ? 'delete' : 'announce',
      hash: (hashHigh << 8) | hashLow,
      origin: formatOrigin(bytes.subarray(4, 4 + originLength)),
      payload: body.value,
    },
  };
}

/** Writes a message of ours: IPv4 origin, payload type, no authentication, no compression. */
export function writeSapPacket(packet: SapPacket): Result<Uint8Array, SapProblem> {
  const origin = parseIpv4(packet.origin);
  if (!origin) return refuse('origin', `"${packet.origin}" is not an IPv4 address.`);
  const payload = Buffer.from(`application/sdp\0${packet.payload}`, 'utf8');
  if (payload.length > maxPayload) return refuse('too-long', 'The description does not fit into a message.');
  const flags = 0x20 | (packet.kind === 'delete' ? flag.delete : 0);
  const header = [flags, 0, (packet.hash >> 8) & 0xff, packet.hash & 0xff, ...origin];
  return { ok: true, value: Buffer.concat([Uint8Array.from(header), payload]) };
}

/** Inflates if need be and takes the payload type off. */
function readBody(bytes: Uint8Array, compressed: boolean): Result<string, SapProblem> {
  if (bytes.length > maxPayload) return refuse('too-long', 'The payload is longer than 64 KiB.');
  if (!compressed) return readTyped(bytes);
  const whole = inflate(bytes);
  if (whole) return readTyped(whole);
  // Figure 1 of RFC 2974 leaves open whether the payload type is inside what is compressed: try it outside, too.
  const end = bytes.subarray(0, maxType).indexOf(0);
  const rest = end < 0 ? undefined : inflate(bytes.subarray(end + 1));
  if (!rest) return refuse('inflate', 'The compressed payload is damaged, or longer than 64 KiB.');
  return readTyped(Buffer.concat([bytes.subarray(0, end + 1), rest]));
}

function inflate(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: maxPayload });
  } catch {
    return undefined;
  }
}

function readTyped(bytes: Uint8Array): Result<string, SapProblem> {
  // RFC 2974 section 6: without a type the payload begins with "v=0"; that of a deletion may begin with "o=".
  if (bytes.length === 0 || startsWithLine(bytes)) return { ok: true, value: decode(bytes) };
  const end = bytes.subarray(0, maxType).indexOf(0);
  if (end < 0)
    return refuse('payload-type', 'The payload is no session description and has no payload type.');
  const type = decode(bytes.subarray(0, end)).toLowerCase().split(';')[0]?.trim() ?? '';
  if (type !== 'application/sdp') {
    return refuse(
      'payload-type',
      `The payload type ${JSON.stringify(type.slice(0, 40))} is not application/sdp.`,
    );
  }
  return { ok: true, value: decode(bytes.subarray(end + 1)) };
}

function startsWithLine(bytes: Uint8Array): boolean {
  const [type = 0, equals = 0] = bytes;
  return equals === 0x3d && (type === 0x76 || type === 0x6f);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** UTF-8 (RFC 8866 section 4.5); older devices write Latin-1. NULs at the end are remains of C strings. */
function decode(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  const text = bytes.subarray(0, end);
  try {
    return utf8.decode(text);
  } catch {
    return latin1.decode(text);
  }
}

function formatOrigin(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  return groups.join(':');
}

function refuse(
  code: SapProblem['code'],
  message: string,
): { readonly ok: false; readonly error: SapProblem } {
  return { ok: false, error: { code, message } };
}
