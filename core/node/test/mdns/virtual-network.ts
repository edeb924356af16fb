import { MdnsLink, mdnsPort, type Source } from '../../src/mdns/mdns-link.ts';
import { readDnsMessage } from '../../src/mdns/read-dns-message.ts';
import type { DnsMessage } from '../../src/mdns/dns-message.ts';

/** One message on the wire. */
export interface Sent {
  readonly at: number;
  readonly from: string;
  /** Absent for the group. */
  readonly to?: Source;
  readonly message: DnsMessage;
}

/** Links that hear each other, in a time that the test moves. */
export class VirtualNetwork {
  now = 0;
  readonly sent: Sent[] = [];
  readonly #links = new Map<string, MdnsLink>();
  /** Addresses whose cable is pulled. */
  readonly unplugged = new Set<string>();

  link(address: string, hostLabel = 'studio'): MdnsLink {
    const link = new MdnsLink(
      {
        interface: 'eth0',
        addresses: [{ address, netmask: '255.255.255.0' }],
        hostLabel,
        send: (bytes, to) => this.#deliver(bytes, address, to),
        random: () => 0.5,
      },
      this.now,
    );
    this.#links.set(address, link);
    return link;
  }

  clock = (): number => this.now;

  /** Hands bytes of somebody who is no link to all links. */
  inject(bytes: Uint8Array, from: Source): void {
    for (const link of this.#links.values()) link.receive(bytes, from, this.now);
  }

  /** Lets time pass, in steps as fine as what is due. */
  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = Math.min(...[...this.#links.values()].map((each) => each.next()));
      if (next > end) break;
      this.now = Math.max(this.now, next);
      for (const link of this.#links.values()) if (link.next() <= this.now) link.advance(this.now);
    }
    this.now = end;
  }

  /** What was sent to the group by one address, without what came before `since`. */
  of(address: string, since = 0): readonly Sent[] {
    return this.sent.filter((each) => each.from === address && each.at >= since && each.to === undefined);
  }

  #deliver(bytes: Buffer, from: string, to?: Source): void {
    const read = readDnsMessage(bytes);
    if (!read.ok) throw new Error(`a link sent what cannot be read: ${read.error}`);
    this.sent.push({ at: this.now, from, ...(to && { to }), message: read.value });
    if (this.unplugged.has(from) || to !== undefined) return;
    for (const [address, link] of this.#links)
      if (!this.unplugged.has(address)) link.receive(bytes, { address: from, port: mdnsPort }, this.now);
  }
}
