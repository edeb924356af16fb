import { Emitter } from '@tutti/base';

/** A request that a person waits for. */
export interface Pending {
  readonly id: number;
  /** `performance.now()` when it began. */
  readonly since: number;
  readonly cancel: () => void;
}

/** Requests under way that change something: what takes long is shown and can be cancelled. */
class Activity {
  #pending: readonly Pending[] = [];
  #next = 1;
  readonly #changed = new Emitter<void>();

  /** @returns ends it. */
  begin(cancel: () => void): () => void {
    const id = this.#next++;
    this.#set([...this.#pending, { id, since: performance.now(), cancel }]);
    return () => this.#set(this.#pending.filter((each) => each.id !== id));
  }

  /** Gives up on what was asked for last. */
  cancelLatest(): void {
    this.#pending.at(-1)?.cancel();
  }

  readonly get = (): readonly Pending[] => this.#pending;
  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#changed.event(changed);
    return () => subscription.dispose();
  };

  #set(pending: readonly Pending[]): void {
    this.#pending = pending;
    this.#changed.fire();
  }
}

export const activity = new Activity();
