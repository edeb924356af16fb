import { createToken, Emitter, fail, type Event } from '@tutti/base';
import type { Log } from '../platform/log.ts';
import type { Paths } from '../platform/paths.ts';
import { JsonStore } from './json-store.ts';
import { initialState, readStoredState, storedStateVersion, type StoredState } from './stored-state.ts';

/** The state that a person made, in memory and on disk. */
export interface StateStore {
  readonly current: StoredState;
  readonly onDidChange: Event<StoredState>;
  /** Reads the disk; call once, before anything else. */
  load(): Promise<void>;
  /**
   * Writes what `change` makes of the current state, then makes it the current one. Changes queue up, so that none is
   * lost. Throws, and nothing changes, if the disk refuses.
   */
  update(change: (state: StoredState) => StoredState): Promise<void>;
  flush(): Promise<void>;
}

export const StateStoreToken = createToken<StateStore>('StateStore');

export class FileStateStore implements StateStore {
  readonly #store: JsonStore<StoredState>;
  readonly #emitter = new Emitter<StoredState>();
  #current = initialState;
  #queue: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#emitter.event;

  constructor(paths: Paths, log: Log) {
    this.#store = new JsonStore({
      path: paths.state,
      version: storedStateVersion,
      check: readStoredState,
      onDamage: (report) =>
        log.error(
          'state.damaged',
          `${report.path} was damaged (${report.reason}); set aside, using the last good one`,
          {
            ...report,
          },
        ),
    });
  }

  get current(): StoredState {
    return this.#current;
  }

  async load(): Promise<void> {
    this.#current = (await this.#store.load()) ?? initialState;
  }

  update(change: (state: StoredState) => StoredState): Promise<void> {
    const update = this.#queue.then(async () => {
      const next = change(this.#current);
      if (next === this.#current) return;
      // What would not be read again must not be written: the last good state is worth more than this change.
      const readable = readStoredState(JSON.parse(JSON.stringify(next)));
      if (!readable.ok) throw fail('internal', `the change cannot be kept: ${readable.error}`);
      await this.#store.save(next);
      this.#current = next;
      this.#emitter.fire(next);
    });
    this.#queue = update.catch(() => undefined);
    return update;
  }

  flush(): Promise<void> {
    return this.#queue.then(() => this.#store.flush());
  }
}
