import { parseIpv4 } from '@tutti/model';
import { codeOf, type DnsData, type DnsMessage, type DnsRecord } from './dns-message.ts';
import { labelsOf } from './dns-name.ts';

/** The bytes of a message, names compressed. Names must have been checked ({@link labelsOf}). */
export function writeDnsMessage(message: DnsMessage): Buffer {
  const writer = new Writer();
  writer.u16(message.id);
  // A response is authoritative (RFC 6762 section 18.4).
  writer.u16(message.isResponse ? 0x8400 : message.truncated ? 0x0200 : 0);
  const { questions, answers, authorities, additionals } = message;
  for (const list of [questions, answers, authorities, additionals]) writer.u16(list.length);
  for (const { name, code, unicast } of questions) {
    writer.name(name);
    writer.u16(code);
    writer.u16(unicast ? 0x8001 : 1);
  }
  for (const record of [...answers, ...authorities, ...additionals]) writer.record(record);
  return writer.bytes();
}

/** The data of a record as it is compared when two hosts probe at once: uncompressed (RFC 6762 section 8.2). */
export function writeData(data: DnsData): Buffer {
  const writer = new Writer(false);
  writer.data(data);
  return writer.bytes();
}

class Writer {
  readonly #parts: number[] = [];
  readonly #places: Map<string, number> | undefined;

  constructor(compress = true) {
    this.#places = compress ? new Map() : undefined;
  }

  bytes(): Buffer {
    return Buffer.from(this.#parts);
  }

  u16(value: number): void {
    this.#parts.push((value >> 8) & 255, value & 255);
  }

  name(name: string): void {
    const read = labelsOf(name);
    const labels = read.ok ? read.value : []; // the root
    for (let i = 0; i < labels.length; i += 1) {
      const suffix = labels.slice(i).join('\0');
      const place = this.#places?.get(suffix);
      if (place !== undefined) return this.u16(0xc000 | place);
      if (this.#parts.length < 0x3fff) this.#places?.set(suffix, this.#parts.length);
      const label = Buffer.from(labels[i] ?? '');
      this.#parts.push(label.length, ...label);
    }
    this.#parts.push(0);
  }

  record({ name, ttl, flush, data }: DnsRecord): void {
    this.name(name);
    this.u16(codeOf(data));
    this.u16(flush ? 0x8001 : 1);
    this.u16(ttl >>> 16);
    this.u16(ttl & 0xffff);
    const at = this.#parts.length;
    this.u16(0);
    this.data(data);
    const length = this.#parts.length - at - 2;
    this.#parts[at] = length >> 8;
    this.#parts[at + 1] = length & 255;
  }

  data(data: DnsData): void {
    switch (data.type) {
      case 'A':
        this.#parts.push(...(parseIpv4(data.address) ?? [0, 0, 0, 0]));
        break;
      case 'AAAA':
        for (const group of data.address.split(':')) this.u16(parseInt(group, 16));
        break;
      case 'PTR':
        this.name(data.target);
        break;
      case 'SRV':
        this.u16(data.priority);
        this.u16(data.weight);
        this.u16(data.port);
        this.name(data.target);
        break;
      case 'TXT':
        // A record without strings holds one empty one (RFC 6763 section 6.1).
        if (data.strings.length === 0) this.#parts.push(0);
        for (const each of data.strings) this.#parts.push(each.length, ...each);
        break;
      case 'other':
        this.#parts.push(...data.bytes);
        break;
    }
  }
}
