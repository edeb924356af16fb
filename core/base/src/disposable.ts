/** Something that holds a resource until it is disposed. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** Wraps a function as a {@link Disposable}; the function runs at most once. */
export function toDisposable(release: () => void): Disposable {
  let released = false;
  return {
    dispose(): void {
      if (released) return;
      released = true;
      release();
    },
  };
}

/**
 * Owns disposables and disposes them in reverse order of registration. A disposable added after the store was disposed
 * is disposed at once, so that a late registration cannot leak.
 */
export class DisposableStore implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /** Disposes everything; one item that throws does not stop the others. Throws an AggregateError afterwards. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const failures: unknown[] = [];
    for (const item of this.#items.splice(0).reverse()) {
      try {
        item.dispose();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'disposing failed');
  }
}
