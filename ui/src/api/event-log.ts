import { Emitter, type Result } from '@tutti/base';
import type { ApiProblem, EventInfo, EventList } from '@tutti/common';

/** One event, with an id that is its own over restarts of the host. */
export interface LoggedEvent extends EventInfo {
  readonly id: string;
}

const mostKept = 10_000;

/** The events of the host, oldest first, without gaps: what the WebSocket left out is asked for. Bounded. */
export class EventLog {
  readonly #fetch: (after: number) => Promise<Result<EventList, ApiProblem>>;
  readonly #changed = new Emitter<void>();
  #events: readonly LoggedEvent[] = [];
  #run = '';
  #last = 0;
  #catching: Promise<void> | undefined;
  /** Something came while the host was being asked: its answer may be older than that. */
  #cameMeanwhile = false;

  constructor(fetchAfter: (after: number) => Promise<Result<EventList, ApiProblem>>) {
    this.#fetch = fetchAfter;
  }

  readonly get = (): readonly LoggedEvent[] => this.#events;
  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#changed.event(changed);
    return () => subscription.dispose();
  };

  /** Takes what came by itself; asks for what came before it, if that is missing. */
  add(list: EventList): void {
    const first = list.events[0]?.sequence;
    if (list.run === this.#run && first !== undefined && first <= this.#last + 1) this.#append(list);
    else if (this.#catching) this.#cameMeanwhile = true;
    else void this.catchUp();
  }

  /** Asks for everything since the last event that is here. */
  catchUp(): Promise<void> {
    this.#catching ??= this.#ask().finally(() => (this.#catching = undefined));
    return this.#catching;
  }

  async #ask(): Promise<void> {
    do {
      this.#cameMeanwhile = false;
      let answer = await this.#fetch(this.#last);
      // Another run of the host counts from one again.
      if (answer.ok && answer.value.run !== this.#run && this.#last > 0) answer = await this.#fetch(0);
      if (!answer.ok) return; // the next event, or the next connection, asks again
      this.#append(answer.value);
    } while (this.#cameMeanwhile);
  }

  #append({ run, events }: EventList): void {
    if (run !== this.#run) this.#last = 0;
    this.#run = run;
    const fresh = events.filter(({ sequence }) => sequence > this.#last);
    if (fresh.length === 0) return;
    this.#last = fresh.at(-1)?.sequence ?? this.#last;
    const logged = fresh.map((event) => ({ ...event, id: `${run} ${event.sequence}` }));
    this.#events = [...this.#events, ...logged].slice(-mostKept);
    this.#changed.fire();
  }
}
