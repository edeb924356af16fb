import { err, ok, toProblem, type Result } from '@tutti/base';
import { maxNameBytes, nameOf } from './dns-name.ts';
import {
  maxMessageBytes,
  recordCodes,
  type DnsData,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
} from './dns-message.ts';

const internetClass = 1;
const topBit = 0x8000;

/** Reads a message: outside data, so anything may be in it. Records of classes other than IN are left out. */
export function readDnsMessage(bytes: Uint8Array): Result<DnsMessage, string> {
  if (bytes.length > maxMessageBytes) return err(`${bytes.length} bytes are more than ${maxMessageBytes}`);
  try {
    return ok(new Reader(bytes).message());
  } catch (error) {
    return err(toProblem(error).message);
  }
}

/** Reads the data of one record that came without a message around it (Avahi), so without compressed names. */
export function readData(code: number, bytes: Uint8Array): Result<DnsData, string> {
  try {
    return ok(new Reader(bytes).data(code, bytes.length));
  } catch (error) {
    return err(toProblem(error).message);
  }
}

/** Thrown and caught inside this file only. */
class Malformed extends Error {}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  message(): DnsMessage {
    const id = this.#u16();
    const flags = this.#u16();
    // The counts are claims: each reading fails at the end of the bytes.
    const counts = [this.#u16(), this.#u16(), this.#u16(), this.#u16()] as const;
    if ((flags & 0x7800) !== 0) throw new Malformed('an operation that is no query');
    return {
      id,
      isResponse: (flags & 0x8000) !== 0,
      truncated: (flags & 0x0200) !== 0,
      questions: this.#list(counts[0], () => this.#question()),
      answers: this.#list(counts[1], () => this.#record()),
      authorities: this.#list(counts[2], () => this.#record()),
      additionals: this.#list(counts[3], () => this.#record()),
    };
  }

  #list<T>(count: number, read: () => T | undefined): readonly T[] {
    const list: T[] = [];
    for (let i = 0; i < count; i += 1) {
      const item = read();
      if (item !== undefined) list.push(item);
    }
    return list;
  }

  #question(): DnsQuestion | undefined {
    const name = this.#name();
    const code = this.#u16();
    const kind = this.#u16();
    const inClass = (kind & ~topBit) === internetClass || (kind & ~topBit) === 255;
    return inClass ? { name, code, unicast: (kind & topBit) !== 0 } : undefined;
  }

  #record(): DnsRecord | undefined {
    const name = this.#name();
    const code = this.#u16();
    const kind = this.#u16();
    const ttl = this.#u32();
    const length = this.#u16();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Malformed('a record longer than its message');
    const data = this.data(code, end);
    this.#at = end;
    return (kind & ~topBit) === internetClass
      ? { name, ttl: Math.min(ttl, 0x7fffffff), flush: (kind & topBit) !== 0, data }
      : undefined;
  }

  data(code: number, end: number): DnsData {
    const rest = (): Buffer => this.#bytes.subarray(this.#at, end);
    const sized = (size: number): Buffer => {
      if (end - this.#at !== size) throw new Malformed('an address of the wrong length');
      return rest();
    };
    switch (code) {
      case recordCodes.A:
        return { type: 'A', address: sized(4).join('.') };
      case recordCodes.AAAA:
        return { type: 'AAAA', address: ipv6Text(sized(16)) };
      case recordCodes.PTR:
        return { type: 'PTR', target: this.#nameWithin(end) };
      case recordCodes.SRV: {
        const [priority, weight, port] = [this.#u16(), this.#u16(), this.#u16()];
        return { type: 'SRV', priority, weight, port, target: this.#nameWithin(end) };
      }
      case recordCodes.TXT:
        return { type: 'TXT', strings: strings(rest()) };
      default:
        return { type: 'other', code, bytes: Uint8Array.from(rest()) };
    }
  }

  #nameWithin(end: number): string {
    const name = this.#name();
    if (this.#at > end) throw new Malformed('a name longer than its record');
    return name;
  }

  /** A name, compressed or not. A pointer must point before everything read of this name so far, so that it ends. */
  #name(): string {
    const labels: string[] = [];
    let at = this.#at;
    let lowest = at;
    let after: number | undefined;
    let size = 1;
    for (;;) {
      const length = this.#byte(at);
      if (length === 0) break;
      if ((length & 0xc0) === 0xc0) {
        const target = ((length & 0x3f) << 8) | this.#byte(at + 1);
        after ??= at + 2;
        if (target >= lowest) throw new Malformed('a name that points forwards');
        at = target;
        lowest = target;
        continue;
      }
      if ((length & 0xc0) !== 0) throw new Malformed('a label of an unknown kind');
      size += length + 1;
      if (size > maxNameBytes) throw new Malformed('a name without end');
      if (at + 1 + length > this.#bytes.length) throw new Malformed('a label longer than its message');
      labels.push(this.#bytes.toString('utf8', at + 1, at + 1 + length));
      at += 1 + length;
    }
    this.#at = after ?? at + 1;
    return nameOf(labels);
  }

  #byte(at: number): number {
    const byte = this.#bytes[at];
    if (byte === undefined) throw new Malformed('a message that ends too early');
    return byte;
  }

  #u16(): number {
    const value = (this.#byte(this.#at) << 8) | this.#byte(this.#at + 1);
    this.#at += 2;
    return value;
  }

  #u32(): number {
    return this.#u16() * 0x10000 + this.#u16();
  }
}

/** Strings of a TXT record; an empty record counts as none (RFC 6763 section 6.1). */
function strings(data: Buffer): readonly Uint8Array[] {
  const list: Uint8Array[] = [];
  for (let at = 0; at < data.length;) {
    const length = data[at] ?? 0;
    if (at + 1 + length > data.length) throw new Malformed('a string longer than its record');
    if (length > 0) list.push(Uint8Array.from(data.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return list;
}

function ipv6Text(bytes: Buffer): string {
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':');
}
