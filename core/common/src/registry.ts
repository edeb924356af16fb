import { Emitter, fail, toDisposable, type Disposable, type Event } from '@tutti/base';

/**
 * What extensions contribute of one kind, by id. A container cannot forget, a registry can: the result of `register`
 * takes the entry out again.
 */
export class Registry<T> {
  readonly #entries = new Map<string, T>();
  #list: readonly (readonly [string, T])[] | undefined;
  readonly #emitter = new Emitter<void>();

  /** Something came or went. */
  readonly onDidChange: Event<void> = this.#emitter.event;

  /** @throws TuttiError `conflict` if the id is taken. */
  register(id: string, entry: T): Disposable {
    if (this.#entries.has(id)) throw fail('conflict', `${id} is registered already`);
    this.#entries.set(id, entry);
    this.changed();
    return toDisposable(() => {
      this.#entries.delete(id);
      this.changed();
    });
  }

  /** Says that something about an entry is different now. */
  changed(): void {
    this.#list = undefined;
    this.#emitter.fire();
  }

  get(id: string): T | undefined {
    return this.#entries.get(id);
  }

  /** In the order of registration; the same array until something changes. */
  entries(): readonly (readonly [string, T])[] {
    return (this.#list ??= [...this.#entries]);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Who listens to changes; for tests that look for leaks. */
  get listenerCount(): number {
    return this.#emitter.listenerCount;
  }
}
