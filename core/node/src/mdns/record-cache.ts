import { codeOf, type DnsRecord } from './dns-message.ts';
import { foldName } from './dns-name.ts';
import { writeData } from './write-dns-message.ts';

/** Most records that are kept on one interface, and of one name and type. */
export const cacheLimits = { records: 8192, ofOneSet: 1024 };

/** Parts of its life after which a record that somebody wants is asked for again (RFC 6762 section 5.2). */
const refreshAt = [0.8, 0.85, 0.9, 0.95];
/** Askers that heard the record at the same time must not ask at the same time. */
const refreshSpread = 0.02;
/** Milliseconds that a record lives on after its goodbye, or after a newer set replaced it. */
const lastMs = 1000;

interface Kept {
  readonly record: DnsRecord;
  receivedAt: number;
  expiresAt: number;
  /** How many of {@link refreshAt} are past. */
  refreshes: number;
  readonly spread: number;
}

/** One name and type. */
export interface RecordKey {
  readonly name: string;
  readonly code: number;
}

export const recordKey = ({ name, code }: RecordKey): string => `${code} ${foldName(name)}`;

/** What a record is known by: its name, its type, and what it says. */
export const recordIdentity = ({ name, data }: DnsRecord): string =>
  `${recordKey({ name, code: codeOf(data) })} ${writeData(data).toString('latin1')}`;

export const isSameRecord = (one: DnsRecord, other: DnsRecord): boolean =>
  recordIdentity(one) === recordIdentity(other);

/** What others said, while it lives (RFC 6762 section 10). Pure: time is an argument, in milliseconds. */
export class RecordCache {
  readonly #random: () => number;
  readonly #sets = new Map<string, { readonly key: RecordKey; readonly records: Map<string, Kept> }>();
  #size = 0;
  /** No record has anything to do before; looking at all of them for each message would be too much in a flood. */
  #next = Infinity;

  constructor(random: () => number) {
    this.#random = random;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes a record in; true if what is known of its name and type changes now or soon. */
  add(record: DnsRecord, now: number): boolean {
    const key = { name: record.name, code: codeOf(record.data) };
    const set = this.#sets.get(recordKey(key)) ?? { key, records: new Map<string, Kept>() };
    const identity = writeData(record.data).toString('latin1');
    const known = set.records.get(identity);
    if (record.flush) this.#flush(set.records, identity, now);
    if (record.ttl === 0) {
      if (known !== undefined) known.expiresAt = Math.min(known.expiresAt, now + lastMs);
      this.#next = Math.min(this.#next, known?.expiresAt ?? Infinity);
      return known !== undefined;
    }
    if (
      known === undefined &&
      (this.#size >= cacheLimits.records || set.records.size >= cacheLimits.ofOneSet)
    )
      return false;
    this.#sets.set(recordKey(key), set);
    if (known === undefined) this.#size += 1;
    const expiresAt = now + record.ttl * 1000;
    const spread = known?.spread ?? this.#random() * refreshSpread;
    const kept = { record, receivedAt: now, expiresAt, refreshes: 0, spread };
    set.records.set(identity, kept);
    this.#next = Math.min(this.#next, nextRefresh(kept));
    return known === undefined;
  }

  /** The newest first: for a second the old of a set live on beside the new. */
  records(key: RecordKey): readonly DnsRecord[] {
    return [...(this.#sets.get(recordKey(key))?.records.values() ?? [])]
      .sort((a, b) => b.receivedAt - a.receivedAt)
      .map((each) => each.record);
  }

  /** Records with more than half of their life before them, with what is left of it: what is already known to an asker. */
  knownAnswers(key: RecordKey, now: number): readonly DnsRecord[] {
    return [...(this.#sets.get(recordKey(key))?.records.values() ?? [])]
      .filter(({ record, expiresAt }) => expiresAt - now > record.ttl * 500)
      .map(({ record, expiresAt }) => ({
        ...record,
        flush: false,
        ttl: Math.floor((expiresAt - now) / 1000),
      }));
  }

  /** Takes out what has expired; its keys, and those of which something must be asked for again. */
  advance(now: number): { readonly expired: readonly RecordKey[]; readonly refresh: readonly RecordKey[] } {
    const expired: RecordKey[] = [];
    const refresh: RecordKey[] = [];
    if (now < this.#next) return { expired, refresh };
    this.#next = Infinity;
    for (const [text, { key, records }] of this.#sets) {
      let isGoing = false;
      let isAging = false;
      for (const [identity, kept] of records) {
        if (kept.expiresAt <= now) {
          records.delete(identity);
          this.#size -= 1;
          isGoing = true;
        } else if (nextRefresh(kept) <= now) {
          while (nextRefresh(kept) <= now) kept.refreshes += 1;
          isAging = true;
        }
        if (records.has(identity)) this.#next = Math.min(this.#next, kept.expiresAt, nextRefresh(kept));
      }
      if (isGoing) expired.push(key);
      if (isAging) refresh.push(key);
      if (records.size === 0) this.#sets.delete(text);
    }
    return { expired, refresh };
  }

  /** When {@link advance} has something to do next, or earlier; Infinity for never. */
  next(): number {
    return this.#next;
  }

  /** Nobody wants this any more. */
  forget(key: RecordKey): void {
    const set = this.#sets.get(recordKey(key));
    this.#size -= set?.records.size ?? 0;
    this.#sets.delete(recordKey(key));
  }

  /** The rest of the set is void unless it came within the last second: a set may take several messages. */
  #flush(records: Map<string, Kept>, except: string, now: number): void {
    for (const [identity, kept] of records) {
      if (identity !== except && kept.receivedAt < now - lastMs)
        kept.expiresAt = Math.min(kept.expiresAt, now + lastMs);
      this.#next = Math.min(this.#next, kept.expiresAt);
    }
  }
}

function nextRefresh({ record, receivedAt, expiresAt, refreshes, spread }: Kept): number {
  const part = refreshAt[refreshes];
  // One that said goodbye is not asked for again.
  if (part === undefined || expiresAt < receivedAt + record.ttl * 1000) return Infinity;
  return receivedAt + record.ttl * 1000 * (part + spread);
}
