import { Emitter, type Event } from './event.ts';

/** Lets long work notice that nobody wants it any more. */
export interface CancellationToken {
  readonly isCancelled: boolean;
  readonly onDidCancel: Event<void>;
}

/** The side that cancels. */
export class CancellationSource {
  readonly #emitter = new Emitter<void>();
  #cancelled = false;

  readonly token: CancellationToken = (() => {
    const isCancelled = (): boolean => this.#cancelled;
    const onDidCancel = this.#emitter.event;
    return {
      get isCancelled(): boolean {
        return isCancelled();
      },
      onDidCancel,
    };
  })();

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#emitter.fire();
    this.#emitter.dispose();
  }
}
