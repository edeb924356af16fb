import { toDisposable, type Disposable } from '@tutti/base';

/** Work that is done at every target that is there, whichever comes first, the work or the target. */
export class Attachments<T> {
  readonly #targets = new Set<T>();
  readonly #works = new Set<{
    readonly start: (target: T) => Disposable;
    readonly running: Map<T, Disposable>;
  }>();

  /** Does the work until disposed. */
  attach(start: (target: T) => Disposable): Disposable {
    const work = { start, running: new Map<T, Disposable>() };
    this.#works.add(work);
    for (const target of this.#targets) work.running.set(target, start(target));
    return toDisposable(() => {
      this.#works.delete(work);
      for (const running of work.running.values()) running.dispose();
    });
  }

  add(target: T): void {
    this.#targets.add(target);
    for (const work of this.#works) work.running.set(target, work.start(target));
  }

  remove(target: T): void {
    this.#targets.delete(target);
    for (const work of this.#works) {
      work.running.get(target)?.dispose();
      work.running.delete(target);
    }
  }
}
