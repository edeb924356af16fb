import { Emitter, type Disposable } from '@tutti/base';

/** Whether a program of the system runs. Not known until it is said for the first time; said only when it changes. */
export class Presence implements Disposable {
  readonly #changed = new Emitter<boolean>();
  #is: boolean | undefined;

  readonly onDidChange = this.#changed.event;

  set(is: boolean): void {
    if (this.#is === is) return;
    this.#is = is;
    this.#changed.fire(is);
  }

  /** Nobody hears anything afterwards. */
  dispose(): void {
    this.#changed.dispose();
  }
}
