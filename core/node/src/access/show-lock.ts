import { createToken, fail } from '@tutti/base';
import type { ShowLockInfo } from '@tutti/common';
import type { Log } from '../platform/log.ts';
import type { StateStore } from '../state/state-store.ts';

/**
 * The lock of a running show: while it is on, nothing changes through the host API, whoever asks. It is remembered: a restart
 * does not take it off.
 */
export interface ShowLock {
  readonly current: ShowLockInfo | undefined;
  lock(note?: string): Promise<void>;
  unlock(): Promise<void>;
  /** @throws TuttiError `locked` while it is on. */
  refuseIfLocked(): void;
}

export const ShowLockToken = createToken<ShowLock>('ShowLock');

export class StoredShowLock implements ShowLock {
  readonly #state: StateStore;
  readonly #log: Log;

  constructor(state: StateStore, log: Log) {
    [this.#state, this.#log] = [state, log];
  }

  get current(): ShowLockInfo | undefined {
    return this.#state.current.showLock;
  }

  async lock(note?: string): Promise<void> {
    const showLock = { since: new Date().toISOString(), ...(note !== undefined && { note }) };
    await this.#state.update((state) => ({ ...state, showLock }));
    this.#log.info('lock.on', 'locked: nothing can be changed', { note });
  }

  async unlock(): Promise<void> {
    await this.#state.update((state) => {
      const { showLock, ...rest } = state;
      return showLock === undefined ? state : rest;
    });
    this.#log.info('lock.off', 'unlocked');
  }

  refuseIfLocked(): void {
    const { current } = this;
    if (current === undefined) return;
    const note = current.note === undefined ? '' : `: ${current.note}`;
    throw fail('locked', `locked since ${current.since}${note}; nothing was changed`, {
      fix: '"tutti unlock", or the lock in the status bar',
    });
  }
}
