import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { ByteBuilder } from './byte-builder.ts';

const group = '224.0.0.251';
const port = 5353;
const type = { a: 1, ptr: 12, txt: 16, srv: 33 } as const;

/** A service as a device announces it. */
export interface AdvertisedService {
  /** Instance name, unescaped: one label. */
  readonly instance: string;
  /** As in `_netaudio-arc._udp`. */
  readonly type: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly txt: readonly string[];
}

interface DnsRecord {
  readonly name: readonly string[];
  readonly type: number;
  /** Only one may answer for it (RFC 6762 section 10.2). */
  readonly unique: boolean;
  readonly data: (builder: ByteBuilder) => void;
}

/**
 * Announces services by multicast DNS (RFC 6762) and answers questions for their types, to everybody. Ours to test with: written
 * without the core's own responder, so that one cannot share the other's faults.
 */
export class MdnsAdvertiser {
  readonly #services: readonly AdvertisedService[];
  readonly #ttl: number;
  readonly #socket: Socket;
  readonly #address: string;

  /** @param ttl seconds of every record; without a goodbye a service is gone after them */
  constructor(services: readonly AdvertisedService[], address: string, ttl: number) {
    this.#services = services;
    this.#address = address;
    this.#ttl = ttl;
    this.#socket = createSocket({ type: 'udp4', reuseAddr: true });
  }

  async start(): Promise<void> {
    this.#socket.bind(port, '0.0.0.0');
    await once(this.#socket, 'listening');
    this.#socket.addMembership(group, this.#address);
    this.#socket.setMulticastInterface(this.#address);
    this.#socket.setMulticastTTL(255);
    this.#socket.on('message', (bytes) => {
      const asked = questionedTypes(bytes);
      for (const service of this.#services) {
        if (asked.some((name) => name.endsWith(`${service.type}.local`))) this.#send(service, this.#ttl);
      }
    });
    // Twice, a second apart (RFC 6762 section 8.3).
    this.#announce(this.#ttl);
    setTimeout(() => this.#announce(this.#ttl), 1000).unref();
  }

  /** Says that all of it is gone. */
  async sayGoodbye(): Promise<void> {
    this.#announce(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    this.#socket.close();
  }

  #announce(ttl: number): void {
    for (const service of this.#services) this.#send(service, ttl);
  }

  #send(service: AdvertisedService, ttl: number): void {
    this.#socket.send(writeResponse(recordsOf(service), ttl), port, group);
  }
}

function recordsOf(service: AdvertisedService): readonly DnsRecord[] {
  const serviceName = [...service.type.split('.'), 'local'];
  const instance = [service.instance, ...serviceName];
  const host = [...service.host.split('.'), 'local'];
  return [
    { name: serviceName, type: type.ptr, unique: false, data: (to) => writeName(to, instance) },
    {
      name: instance,
      type: type.srv,
      unique: true,
      data: (to) => writeName(to.u16(0, 0, service.port), host),
    },
    {
      name: instance,
      type: type.txt,
      unique: true,
      data: (to) => service.txt.forEach((text) => to.u8(Buffer.byteLength(text), ...Buffer.from(text))),
    },
    {
      name: host,
      type: type.a,
      unique: true,
      data: (to) => to.u8(...service.address.split('.').map(Number)),
    },
  ];
}

function writeResponse(records: readonly DnsRecord[], ttl: number): Buffer {
  const builder = new ByteBuilder().u16(0, 0x8400, 0, records.length, 0, 0);
  for (const record of records) {
    writeName(builder, record.name);
    builder
      .u16(record.type, record.unique ? 0x8001 : 1)
      .u32(ttl)
      .u16(0);
    const start = builder.length;
    record.data(builder);
    builder.setU16(start - 2, builder.length - start);
  }
  return builder.toBuffer();
}

function writeName(builder: ByteBuilder, labels: readonly string[]): void {
  for (const label of labels) builder.u8(Buffer.byteLength(label), ...Buffer.from(label));
  builder.u8(0);
}

/** Names that a query asks for; nothing for what is no query, or is one whose names are compressed beyond the first. */
function questionedTypes(bytes: Buffer): readonly string[] {
  if (bytes.length < 12 || (bytes.readUInt16BE(2) & 0x8000) !== 0) return [];
  const names: string[] = [];
  let at = 12;
  for (let left = bytes.readUInt16BE(4); left > 0 && at < bytes.length; left--) {
    const [name, end] = readName(bytes, at);
    names.push(name);
    at = end + 4;
  }
  return names;
}

/** A name and where it ends; pointers lead backwards and are followed a few times at most. */
function readName(bytes: Buffer, start: number): readonly [string, number] {
  const labels: string[] = [];
  let [at, end] = [start, -1];
  for (let steps = 0; steps < 64; steps++) {
    const length = bytes[at] ?? 0;
    if (length === 0) return [labels.join('.'), end < 0 ? at + 1 : end];
    if (length >= 0xc0) {
      end = end < 0 ? at + 2 : end;
      at = ((length & 0x3f) << 8) | (bytes[at + 1] ?? 0);
    } else {
      labels.push(bytes.subarray(at + 1, at + 1 + length).toString());
      at += length + 1;
    }
  }
  return ['', bytes.length];
}
