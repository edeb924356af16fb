import type { MdnsAdvertisement } from '@tutti/api';
import { toDisposable, type Disposable } from '@tutti/base';
import { inSameSubnet } from '@tutti/model';
import { Claim, type Claimed } from './claim.ts';
import { codeOf, message, type DnsMessage, type DnsRecord } from './dns-message.ts';
import type { Link, OnChange } from './link.ts';
import { PendingAnswers } from './pending-answers.ts';
import { PublishedHost, PublishedService } from './published.ts';
import { Questions } from './questions.ts';
import { readDnsMessage } from './read-dns-message.ts';
import { RecordCache, recordKey, type RecordKey } from './record-cache.ts';
import { splitQuery, splitResponse } from './split-message.ts';
import { writeDnsMessage } from './write-dns-message.ts';

/** UDP port of multicast DNS. */
export const mdnsPort = 5353;

export interface MdnsLinkOptions {
  /** Name of the interface. */
  readonly interface: string;
  /** IPv4 addresses of it. */
  readonly addresses: readonly { readonly address: string; readonly netmask: string }[];
  /** Wanted host name, one label. */
  readonly hostLabel: string;
  /** Sends to the group, or to one asker. Never throws. */
  readonly send: (bytes: Buffer, to?: Source) => void;
  /** From 0 to 1; a constant in tests. */
  readonly random: () => number;
}

export interface Source {
  readonly address: string;
  readonly port: number;
}

/** A name that is ours on this link. */
interface Owned {
  readonly claimed: Claimed & { shared(): readonly DnsRecord[] };
  readonly claim: Claim;
}

/**
 * Multicast DNS on one interface, over IPv4 and IPv6 alike, without sockets and timers: what comes in is handed to {@link receive}, time is handed to
 * {@link advance}, which is called again at {@link next}. All times are milliseconds of one monotonic clock.
 */
export class MdnsLink implements Link {
  readonly #options: MdnsLinkOptions;
  readonly #cache: RecordCache;
  readonly #questions: Questions;
  readonly #answers: PendingAnswers;
  readonly #watches = new Map<string, Set<{ readonly onChange: OnChange }>>();
  readonly #owned = new Set<Owned>();
  readonly #publishedHost: PublishedHost;
  #now: number;

  constructor(options: MdnsLinkOptions, now: number) {
    this.#options = options;
    this.#cache = new RecordCache(options.random);
    this.#questions = new Questions(this.#cache, options.random);
    this.#answers = new PendingAnswers(options.random);
    const addresses = options.addresses.map((each) => each.address);
    this.#publishedHost = new PublishedHost(options.hostLabel, addresses, () => this.#hostRenamed());
    this.#now = now;
  }

  get interface(): string {
    return this.#options.interface;
  }

  /** Records that are kept; for tests of the bounds. */
  get cacheSize(): number {
    return this.#cache.size;
  }

  records(key: RecordKey): readonly DnsRecord[] {
    return this.#cache.records(key);
  }

  watch(key: RecordKey, isShared: boolean, onChange: OnChange, now: number): Disposable {
    const asking = this.#questions.ask(key, isShared, now);
    const text = recordKey(key);
    const watches = this.#watches.get(text) ?? new Set();
    this.#watches.set(text, watches);
    const watch = { onChange };
    watches.add(watch);
    return toDisposable(() => {
      watches.delete(watch);
      if (watches.size === 0) this.#watches.delete(text);
      asking?.dispose();
    });
  }

  publish(advertisement: MdnsAdvertisement, onEstablished: (name: string) => void, now: number): Disposable {
    if (this.#owned.size === 0) this.#own(this.#publishedHost, now);
    const owned = this.#own(new PublishedService(advertisement, this.#publishedHost, onEstablished), now);
    return toDisposable(() => {
      if (this.#owned.delete(owned)) this.#goodbye(owned);
    });
  }

  /** Takes back everything. */
  goodbye(): void {
    const all = [...this.#owned];
    this.#owned.clear();
    for (const owned of all) this.#goodbye(owned);
  }

  /** @returns what was wrong with it, for the log. */
  receive(bytes: Uint8Array, from: Source, now: number): string | undefined {
    // Answers from elsewhere are not of this link (RFC 6762 section 11).
    if (!this.#isOnLink(from.address)) return undefined;
    const read = readDnsMessage(bytes);
    if (!read.ok) return read.error;
    this.#now = now;
    if (!read.value.isResponse) this.#receiveQuery(read.value, from, now);
    else if (from.port === mdnsPort) this.#receiveResponse(read.value, now);
    return undefined;
  }

  advance(now: number): void {
    this.#now = now;
    const { expired, refresh } = this.#cache.advance(now);
    for (const key of refresh) this.#questions.refresh(key, now);
    for (const key of expired) {
      this.#questions.restart(key, now);
      this.#changed(recordKey(key));
    }
    const asked = this.#questions.take(now);
    if (asked.questions.length > 0) this.#sendQuery(asked.questions, asked.known);
    for (const owned of this.#owned) this.#advanceClaim(owned, now);
    const answer = this.#answers.take(this.#ours(), now);
    if (answer !== undefined) this.#sendResponse(answer);
  }

  /** When {@link advance} must be called again; Infinity for never. */
  next(): number {
    return Math.min(
      this.#cache.next(),
      this.#questions.next(),
      this.#answers.next(),
      ...[...this.#owned].map(({ claim }) => claim.next()),
    );
  }

  #receiveQuery(query: DnsMessage, from: Source, now: number): void {
    for (const { claim } of this.#owned)
      for (const { name } of query.questions) claim.hearProbe(name, query.authorities, now);
    const isLegacy = from.port !== mdnsPort;
    if (!isLegacy) this.#questions.heard(query, now);
    const reply = this.#answers.query(query, this.#ours(), { address: from.address, isLegacy }, now);
    if (reply !== undefined) this.#options.send(writeDnsMessage(reply), from);
  }

  #receiveResponse(response: DnsMessage, now: number): void {
    const records = [...response.answers, ...response.additionals];
    this.#answers.heard(response.answers, now);
    for (const record of records) for (const { claim } of this.#owned) claim.hear(record, now);
    const waiting = new Map<string, DnsRecord[]>();
    const take = (record: DnsRecord): void => {
      const key = recordKey({ name: record.name, code: codeOf(record.data) });
      if (!this.#questions.isAsked(key)) waiting.set(key, [...(waiting.get(key) ?? []), record]);
      else if (this.#cache.add(record, now)) this.#changed(key, record.ttl > 0 ? record : undefined);
    };
    for (const record of records) take(record);
    // A pointer makes its target's service wanted, and that its host's address: they often come in the same message.
    for (let round = 0; round < 2 && waiting.size > 0; round += 1) {
      const again = [...waiting.values()].flat();
      waiting.clear();
      for (const record of again) take(record);
    }
  }

  #own(claimed: Owned['claimed'], now: number): Owned {
    const owned = { claimed, claim: new Claim(claimed, now, this.#options.random) };
    this.#owned.add(owned);
    return owned;
  }

  #advanceClaim({ claimed, claim }: Owned, now: number): void {
    for (let action = claim.advance(now); action !== undefined; action = claim.advance(now)) {
      if (action === 'announce') {
        const answers = [...claimed.shared(), ...claimed.unique()];
        this.#answers.sent(answers, now);
        this.#sendResponse(message({ isResponse: true, answers, additionals: [] }));
      } else {
        const { question, proposed } = action;
        this.#options.send(writeDnsMessage(message({ questions: [question], authorities: proposed })));
      }
    }
  }

  #goodbye({ claimed, claim }: Owned): void {
    if (!claim.isOurs) return;
    const answers = [...claimed.shared(), ...claimed.unique()]
      .filter((record) => !this.#ours().some((other) => sameRecord(other, record)))
      .map((record) => ({ ...record, ttl: 0 }));
    this.#sendResponse(message({ isResponse: true, answers }));
  }

  #hostRenamed(): void {
    for (const { claim } of this.#owned) claim.announceAgain(this.#now);
  }

  /** Records that are ours by now. */
  #ours(): readonly DnsRecord[] {
    return [...this.#owned]
      .filter(({ claim }) => claim.isOurs)
      .flatMap(({ claimed }) => [...claimed.shared(), ...claimed.unique()]);
  }

  /** Over IPv6 hosts of the link send from addresses that no router forwards (RFC 4291 section 2.5.6). */
  #isOnLink(address: string): boolean {
    if (address.includes(':')) return /^fe[89ab][0-9a-f]:/i.test(address);
    return this.#options.addresses.some((own) => inSameSubnet(address, own.address, own.netmask));
  }

  #changed(key: string, added?: DnsRecord): void {
    for (const { onChange } of [...(this.#watches.get(key) ?? [])]) onChange(added);
  }

  #sendQuery(questions: DnsMessage['questions'], known: readonly DnsRecord[]): void {
    for (const part of splitQuery(questions, known)) this.#options.send(writeDnsMessage(part));
  }

  #sendResponse(response: DnsMessage): void {
    for (const part of splitResponse(response)) this.#options.send(writeDnsMessage(part));
  }
}

const sameRecord = (one: DnsRecord, other: DnsRecord): boolean =>
  writeDnsMessage(message({ answers: [one] })).equals(writeDnsMessage(message({ answers: [other] })));
