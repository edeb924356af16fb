import { createToken, Emitter, type Event } from '@tutti/base';
import type { EventInfo, EventList } from '@tutti/common';

/** So many are kept: a day of a quiet installation, an hour of a troubled one. */
export const keptEvents = 10_000;
const maxMessage = 2000;
const maxWord = 200;

/** What happened since the host started, bounded: the log as the host API gives it. */
export interface RecentEvents {
  /** Number of the newest event; 0 before the first. */
  readonly last: number;
  /** Events after a sequence number, oldest first; all that are kept for 0. */
  after(sequence: number): EventList;
  readonly onDidAdd: Event<EventInfo>;
}

export const RecentEventsToken = createToken<RecentEvents>('RecentEvents');

export class EventBuffer implements RecentEvents {
  readonly #run: string;
  readonly #emitter = new Emitter<EventInfo>();
  /** Ring: event n is at n mod capacity. */
  readonly #ring: EventInfo[] = [];
  readonly #capacity: number;
  #last = 0;

  readonly onDidAdd = this.#emitter.event;

  constructor(run = new Date().toISOString(), capacity = keptEvents) {
    this.#run = run;
    this.#capacity = capacity;
  }

  get last(): number {
    return this.#last;
  }

  /** Texts may come from outside: they are cut to a bound. */
  add(event: Omit<EventInfo, 'sequence'>): void {
    this.#last += 1;
    const kept = {
      ...event,
      sequence: this.#last,
      code: event.code.slice(0, maxWord),
      source: event.source.slice(0, maxWord),
      message: event.message.slice(0, maxMessage),
    };
    this.#ring[this.#last % this.#capacity] = kept;
    this.#emitter.fire(kept);
  }

  after(sequence: number): EventList {
    const first = Math.max(sequence + 1, this.#last - this.#capacity + 1, 1);
    const count = Math.max(0, this.#last - first + 1);
    const events = Array.from({ length: count }, (_, i) => this.#ring[(first + i) % this.#capacity]);
    return { run: this.#run, events: events.filter((event) => event !== undefined) };
  }
}
