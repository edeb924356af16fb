import { toDisposable, type Disposable } from '@tutti/base';
import { codeOf, type DnsMessage, type DnsQuestion, type DnsRecord } from './dns-message.ts';
import { isSameRecord, recordKey, type RecordCache, type RecordKey } from './record-cache.ts';

/** First wait: many hosts may have been woken by the same thing (RFC 6762 section 5.2). Milliseconds. */
const firstWait = { least: 20, spread: 100 };
const secondWait = 1000;
/** "The interval ... MAY be capped at one hour." */
const longestWait = 3_600_000;

/** Most names that are asked for on one interface; hostile browsing results end here. */
export const maxQuestions = 4096;

interface Asked {
  readonly key: RecordKey;
  /** There may be more answers: asked again though some are known. */
  readonly isShared: boolean;
  users: number;
  wait: number;
  at: number;
  sentAt: number;
}

/** What is asked for on one interface, and when again (RFC 6762 section 5.2). Pure: time is an argument, in milliseconds. */
export class Questions {
  readonly #cache: RecordCache;
  readonly #random: () => number;
  readonly #asked = new Map<string, Asked>();
  /** Nothing is due before. */
  #next = Infinity;

  constructor(cache: RecordCache, random: () => number) {
    this.#cache = cache;
    this.#random = random;
  }

  /** Asks until disposed. Undefined if too much is asked already. */
  ask(key: RecordKey, isShared: boolean, now: number): Disposable | undefined {
    const text = recordKey(key);
    let asked = this.#asked.get(text);
    if (asked === undefined) {
      if (this.#asked.size >= maxQuestions) return undefined;
      const at = now + firstWait.least + this.#random() * firstWait.spread;
      asked = { key, isShared, users: 0, wait: secondWait, at, sentAt: -Infinity };
      this.#asked.set(text, asked);
      this.#next = Math.min(this.#next, at);
    }
    const entry = asked;
    entry.users += 1;
    return toDisposable(() => {
      entry.users -= 1;
      if (entry.users > 0) return;
      this.#asked.delete(text);
      this.#cache.forget(key);
    });
  }

  /** @param key of {@link recordKey} */
  isAsked(key: string): boolean {
    return this.#asked.has(key);
  }

  /** A record is about to expire: asked for at once, if anybody wants it. */
  refresh(key: RecordKey, now: number): void {
    const asked = this.#asked.get(recordKey(key));
    if (asked === undefined) return;
    asked.at = Math.min(asked.at, now);
    this.#next = Math.min(this.#next, asked.at);
  }

  /** All that was known is gone: asked for as if it were new. */
  restart(key: RecordKey, now: number): void {
    const asked = this.#asked.get(recordKey(key));
    if (asked === undefined || asked.isShared) return;
    asked.wait = secondWait;
    asked.at = Math.min(asked.at, now + firstWait.least);
    this.#next = Math.min(this.#next, asked.at);
  }

  /**
   * Somebody else asks all on the link: what is asked here too counts as asked by us, if we know of no answer that they do not
   * (RFC 6762 section 7.3).
   */
  heard({ questions, answers, truncated }: DnsMessage, now: number): void {
    // Of what is asked in several messages the known answers are not complete here.
    if (truncated) return;
    for (const { name, code, unicast } of questions) {
      const asked = this.#asked.get(recordKey({ name, code }));
      // What was asked just now may be our own question, which comes back from the group.
      if (asked === undefined || unicast || now < asked.sentAt + secondWait) continue;
      const own = this.#cache.knownAnswers(asked.key, now);
      const known = answers.filter(
        (each) => recordKey({ name: each.name, code: codeOf(each.data) }) === recordKey(asked.key),
      );
      if (known.every((each) => own.some((other) => isSameRecord(other, each)))) sent(asked, now);
    }
  }

  /** Questions that are due, with the answers that are known already. */
  take(now: number): { readonly questions: readonly DnsQuestion[]; readonly known: readonly DnsRecord[] } {
    const questions: DnsQuestion[] = [];
    const known: DnsRecord[] = [];
    if (now < this.#next) return { questions, known };
    this.#next = Infinity;
    for (const asked of this.#asked.values()) {
      if (asked.at > now) {
        this.#next = Math.min(this.#next, asked.at);
        continue;
      }
      sent(asked, now);
      this.#next = Math.min(this.#next, asked.at);
      const answers = this.#cache.knownAnswers(asked.key, now);
      if (!asked.isShared && answers.length > 0) continue;
      questions.push({ ...asked.key, unicast: false });
      known.push(...answers);
    }
    return { questions, known };
  }

  /** When {@link take} has something next, or earlier. */
  next(): number {
    return this.#next;
  }
}

function sent(asked: Asked, now: number): void {
  asked.sentAt = now;
  asked.at = now + asked.wait;
  asked.wait = Math.min(asked.wait * 2, longestWait);
}
