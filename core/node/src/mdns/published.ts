import type { MdnsAdvertisement } from '@tutti/api';
import { recordCodes, type DnsData, type DnsRecord } from './dns-message.ts';
import { escapeLabel, foldName, nextHostLabel, nextInstanceName } from './dns-name.ts';
import type { Claimed } from './claim.ts';
import { txtStrings } from './record-text.ts';

/** Seconds: records with a host name, and others (RFC 6762 section 10). */
const hostTtl = 120;
const otherTtl = 4500;

/** Type under which all types of services are listed (RFC 6763 section 9). */
const typesOfServices = '_services._dns-sd._udp.local';

/** Our host name on one interface, with the addresses it stands for. */
export class PublishedHost implements Claimed {
  readonly #addresses: readonly string[];
  readonly #onRename: () => void;
  #label: string;

  constructor(label: string, addresses: readonly string[], onRename: () => void) {
    this.#label = label;
    this.#addresses = addresses;
    this.#onRename = onRename;
  }

  name(): string {
    return `${escapeLabel(this.#label)}.local`;
  }

  unique(): readonly DnsRecord[] {
    return this.#addresses.map((address) => record(this.name(), hostTtl, true, { type: 'A', address }));
  }

  shared(): readonly DnsRecord[] {
    return [];
  }

  rename(): void {
    this.#label = nextHostLabel(this.#label);
    this.#onRename();
  }

  established(): void {
    // nobody waits for it
  }
}

/** One service of ours on one interface. */
export class PublishedService implements Claimed {
  readonly #advertisement: MdnsAdvertisement;
  readonly #host: PublishedHost;
  readonly #onEstablished: (name: string) => void;
  #name: string;

  constructor(advertisement: MdnsAdvertisement, host: PublishedHost, onEstablished: (name: string) => void) {
    this.#advertisement = advertisement;
    this.#host = host;
    this.#onEstablished = onEstablished;
    this.#name = advertisement.name;
  }

  name(): string {
    return `${escapeLabel(this.#name)}.${this.#type()}`;
  }

  unique(): readonly DnsRecord[] {
    const { port, txt } = this.#advertisement;
    const service: DnsData = { type: 'SRV', priority: 0, weight: 0, port, target: this.#host.name() };
    return [
      record(this.name(), hostTtl, true, service),
      record(this.name(), otherTtl, true, { type: 'TXT', strings: txtStrings(txt) }),
    ];
  }

  shared(): readonly DnsRecord[] {
    const { subtypes = [] } = this.#advertisement;
    const pointer = (name: string, target: string): DnsRecord =>
      record(name, otherTtl, false, { type: 'PTR', target });
    return [
      pointer(this.#type(), this.name()),
      ...subtypes.map((each) => pointer(`${escapeLabel(each)}._sub.${this.#type()}`, this.name())),
      pointer(typesOfServices, this.#type()),
    ];
  }

  rename(): void {
    this.#name = nextInstanceName(this.#name);
  }

  established(): void {
    this.#onEstablished(this.#name);
  }

  #type(): string {
    return `${this.#advertisement.type}.local`;
  }
}

/** Records that should come along with these, so that nobody has to ask again (RFC 6763 section 12). */
export function additionalsOf(
  answers: readonly DnsRecord[],
  all: readonly DnsRecord[],
): readonly DnsRecord[] {
  const added = new Set<DnsRecord>();
  const wanted = (source: DnsRecord): readonly DnsRecord[] => {
    const { data } = source;
    if (data.type !== 'PTR' && data.type !== 'SRV') return [];
    return all.filter(
      (each) =>
        foldName(each.name) === foldName(data.target) && (data.type === 'PTR' || each.data.type === 'A'),
    );
  };
  for (const answer of answers)
    for (const first of wanted(answer)) {
      added.add(first);
      for (const second of wanted(first)) added.add(second);
    }
  return [...added].filter((each) => !answers.includes(each) && each.data.type !== 'PTR');
}

/** Whether a record answers a question. */
export function answersQuestion(each: DnsRecord, name: string, code: number): boolean {
  const { data } = each;
  const ofType = data.type !== 'other' && (code === recordCodes.ANY || code === recordCodes[data.type]);
  return ofType && foldName(each.name) === foldName(name);
}

function record(name: string, ttl: number, flush: boolean, data: DnsData): DnsRecord {
  return { name, ttl, flush, data };
}
