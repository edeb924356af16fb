import { absenceOf, absencesFor, absencesOf } from './absence.ts';
import { message, type DnsMessage, type DnsRecord } from './dns-message.ts';
import { additionalsOf, answersQuestion } from './published.ts';
import { isSameRecord, recordIdentity } from './record-cache.ts';

/** Milliseconds (RFC 6762 sections 6, 7.2). */
const sharedWait = { least: 20, spread: 100 };
const truncatedWait = { least: 400, spread: 100 };
/** A record is not multicast again within a second, but in defence against a probe within a quarter of one. */
const repeatAfter = 1000;
const defendAfter = 250;
/** Seconds: askers that know nothing of multicast DNS would keep it too long otherwise (section 6.7). */
const legacyTtl = 10;

interface Pending {
  readonly record: DnsRecord;
  at: number;
  readonly asker: string;
}

/** Our answers to what others ask, held back as long as the manners want it. Pure: time is an argument, in milliseconds. */
export class PendingAnswers {
  readonly #random: () => number;
  readonly #pending = new Map<string, Pending>();
  readonly #lastSent = new Map<string, number>();

  constructor(random: () => number) {
    this.#random = random;
  }

  /**
   * Takes a query in. The answers to an asker that is not multicast DNS itself (its port is another one) are returned, to be sent
   * to it at once; all others wait for {@link take}.
   */
  query(
    query: DnsMessage,
    own: readonly DnsRecord[],
    from: { readonly address: string; readonly isLegacy: boolean },
    now: number,
  ): DnsMessage | undefined {
    const isKnown = (record: DnsRecord): boolean =>
      query.answers.some((known) => isSameRecord(known, record) && known.ttl * 2 >= record.ttl);
    for (const [key, { record, asker }] of this.#pending)
      if (asker === from.address && isKnown(record)) this.#pending.delete(key);
    const present = own.filter((each) =>
      query.questions.some(({ name, code }) => answersQuestion(each, name, code)),
    );
    if (from.isLegacy) return present.length === 0 ? undefined : legacyAnswer(query, present, own);
    const matching = [...present, ...absencesFor(query.questions, own)];
    const isProbe = query.authorities.length > 0;
    const wait = query.truncated ? this.#wait(truncatedWait) : 0;
    for (const record of matching) {
      if (isKnown(record)) continue;
      const pause = record.flush ? wait : Math.max(wait, this.#wait(sharedWait));
      const notBefore =
        (this.#lastSent.get(recordIdentity(record)) ?? -Infinity) + (isProbe ? defendAfter : repeatAfter);
      const at = Math.max(now + pause, notBefore);
      const known = this.#pending.get(recordIdentity(record));
      if (known !== undefined && known.at <= at) continue;
      this.#pending.set(recordIdentity(record), { record, at, asker: from.address });
    }
    return undefined;
  }

  /** What is due, and what should come with it. `own` is what is ours now: what is not ours any more is not said. */
  take(own: readonly DnsRecord[], now: number): DnsMessage | undefined {
    const answers: DnsRecord[] = [];
    for (const [key, { record, at }] of this.#pending) {
      if (at > now) continue;
      this.#pending.delete(key);
      const absence = absenceOf(record.name, own);
      const ours = absence === undefined ? own : [...own, absence];
      if (ours.some((each) => isSameRecord(each, record))) answers.push(record);
    }
    if (answers.length === 0) return undefined;
    this.sent(answers, now);
    const additionals = additionalsOf(answers, own);
    // With addresses of one family goes the word that there are none of the other (RFC 6762 section 6.2).
    const hosts = [...answers, ...additionals].filter(
      ({ data }) => data.type === 'A' || data.type === 'AAAA',
    );
    const absences = absencesOf(hosts, own).filter(
      (each) => !answers.some((other) => isSameRecord(other, each)),
    );
    return message({ isResponse: true, answers, additionals: [...additionals, ...absences] });
  }

  /** These were just multicast. */
  sent(records: readonly DnsRecord[], now: number): void {
    for (const [key, at] of this.#lastSent) if (at < now - repeatAfter) this.#lastSent.delete(key);
    for (const record of records) this.#lastSent.set(recordIdentity(record), now);
  }

  /** Others said these: who asked has heard it, unless we would have it kept longer (RFC 6762 section 7.4). */
  heard(records: readonly DnsRecord[], now: number): void {
    for (const record of records) {
      const pending = this.#pending.get(recordIdentity(record));
      if (pending === undefined || record.ttl < pending.record.ttl) continue;
      this.#pending.delete(recordIdentity(record));
      this.sent([pending.record], now);
    }
  }

  next(): number {
    let next = Infinity;
    for (const { at } of this.#pending.values()) next = Math.min(next, at);
    return next;
  }

  #wait({ least, spread }: { readonly least: number; readonly spread: number }): number {
    return least + this.#random() * spread;
  }
}

function legacyAnswer(
  query: DnsMessage,
  matching: readonly DnsRecord[],
  own: readonly DnsRecord[],
): DnsMessage {
  const plain = (record: DnsRecord): DnsRecord => ({
    ...record,
    flush: false,
    ttl: Math.min(record.ttl, legacyTtl),
  });
  return message({
    id: query.id,
    isResponse: true,
    questions: query.questions,
    answers: matching.map(plain),
    additionals: additionalsOf(matching, own).map(plain),
  });
}
