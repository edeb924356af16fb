import { codeOf, recordCodes, type DnsQuestion, type DnsRecord } from './dns-message.ts';
import { foldName } from './dns-name.ts';
import { writeData } from './write-dns-message.ts';

/** Milliseconds (RFC 6762 sections 8.1, 8.2, 8.3, 9). */
const firstProbeWithin = 250;
const probeGap = 250;
const probes = 3;
const announceGap = 1000;
const announcements = 2;
const lostTieWait = 1000;
/** So many conflicts within ten seconds, and each further one costs five. */
const conflictLimit = { count: 15, withinMs: 10_000, waitMs: 5000 };

/** What a claim must know of what it claims. */
export interface Claimed {
  /** The name that must be ours alone; another one after {@link Claimed.rename}. */
  name(): string;
  /** Records of that name; nobody else may have others of the same name and type. */
  unique(): readonly DnsRecord[];
  /** Takes another name, because somebody else has this one. */
  rename(): void;
  /** The name is ours. */
  established(): void;
}

/** What a claim wants sent. */
export type ClaimAction =
  | { readonly kind: 'probe'; readonly question: DnsQuestion; readonly proposed: readonly DnsRecord[] }
  | 'announce';

/**
 * One name that is to be ours: probed three times, announced twice, defended (RFC 6762 sections 8 and 9). Pure: time is an
 * argument, in milliseconds.
 */
export class Claim {
  readonly #claimed: Claimed;
  readonly #random: () => number;
  #state: 'probing' | 'announcing' | 'established' = 'probing';
  #sent = 0;
  #at: number;
  #conflicts: number[] = [];

  constructor(claimed: Claimed, now: number, random: () => number) {
    this.#claimed = claimed;
    this.#random = random;
    this.#at = now + random() * firstProbeWithin;
  }

  /** Its records may be given in answers. */
  get isOurs(): boolean {
    return this.#state !== 'probing';
  }

  next(): number {
    return this.#at;
  }

  /** What is to be sent now; at most one thing, ask again until there is none. */
  advance(now: number): ClaimAction | undefined {
    if (this.#at > now) return undefined;
    if (this.#state === 'probing' && this.#sent < probes) {
      this.#sent += 1;
      this.#at = now + probeGap;
      const question = { name: this.#claimed.name(), code: recordCodes.ANY, unicast: false };
      return { kind: 'probe', question, proposed: this.#claimed.unique() };
    }
    if (this.#state === 'probing') {
      this.#state = 'announcing';
      this.#sent = 0;
      this.#claimed.established();
    }
    this.#sent += 1;
    if (this.#sent >= announcements) {
      this.#state = 'established';
      this.#at = Infinity;
    } else {
      this.#at = now + announceGap;
    }
    return 'announce';
  }

  /** Says what changed, without probing: the name stays. */
  announceAgain(now: number): void {
    if (this.#state === 'probing') return;
    this.#state = 'announcing';
    this.#sent = 0;
    this.#at = now;
  }

  /** Somebody answered with a record. */
  hear(record: DnsRecord, now: number): void {
    if (foldName(record.name) !== foldName(this.#claimed.name())) return;
    if (record.ttl === 0) {
      if (this.isOurs && this.#isOwn(record)) this.announceAgain(now); // a goodbye in our name
    } else if (this.#contradicts(record)) {
      this.#conflict(now);
    }
  }

  /** Somebody probes for the same name at the same time: the lexicographically later records win (section 8.2). */
  hearProbe(name: string, proposed: readonly DnsRecord[], now: number): void {
    if (this.#state !== 'probing' || foldName(name) !== foldName(this.#claimed.name())) return;
    const theirs = proposed.filter((record) => foldName(record.name) === foldName(name));
    if (theirs.length === 0 || compareSets(this.#claimed.unique(), theirs) >= 0) return;
    this.#sent = 0;
    this.#at = now + lostTieWait;
  }

  #isOwn(record: DnsRecord): boolean {
    return this.#claimed.unique().some((own) => compareSets([own], [record]) === 0);
  }

  #contradicts(record: DnsRecord): boolean {
    const ours = this.#claimed.unique();
    const sameType = ours.filter((own) => codeOf(own.data) === codeOf(record.data));
    return sameType.length > 0 && !sameType.some((own) => compareSets([own], [record]) === 0);
  }

  #conflict(now: number): void {
    this.#conflicts = [...this.#conflicts.filter((at) => at > now - conflictLimit.withinMs), now];
    // One that was ours may be a mistake of the other side: it is defended by probing; if it is answered, it is lost.
    if (this.#state === 'probing') this.#claimed.rename();
    this.#state = 'probing';
    this.#sent = 0;
    const isTooOften = this.#conflicts.length >= conflictLimit.count;
    this.#at = now + (isTooOften ? conflictLimit.waitMs : this.#random() * firstProbeWithin);
  }
}

/** Order of record sets: class, type, then bytes of the data, unsigned. */
function compareSets(ours: readonly DnsRecord[], theirs: readonly DnsRecord[]): number {
  const sorted = (records: readonly DnsRecord[]): readonly Buffer[] =>
    records
      .map(({ data }) =>
        Buffer.concat([Buffer.from([codeOf(data) >> 8, codeOf(data) & 255]), writeData(data)]),
      )
      .sort((a, b) => Buffer.compare(a, b));
  const [left, right] = [sorted(ours), sorted(theirs)];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = Buffer.compare(left[i] ?? Buffer.alloc(0), right[i] ?? Buffer.alloc(0));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
