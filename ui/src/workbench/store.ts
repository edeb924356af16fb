import { useSyncExternalStore } from 'react';
import { Emitter } from '@tutti/base';

/** One value that components watch. Setting the same value again changes nothing. */
export class Store<T> {
  #value: T;
  readonly #emitter = new Emitter<T>();
  readonly onDidChange = this.#emitter.event;

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#emitter.fire(value);
  }

  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }

  /** As React's useSyncExternalStore wants it. */
  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#emitter.event(changed);
    return () => subscription.dispose();
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
