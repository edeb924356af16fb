import { Emitter, toDisposable, type Disposable, type Event } from '@tutti/base';
import { AsyncSeriesWaterfallHook } from 'tapable';

type Tap<T, C> = (value: T, context: C) => Promise<T>;

/**
 * An ordered pipeline in which extensions may step in. tapable cannot untap, so the hook is built anew from the list when
 * a tap leaves. A tap that throws is reported and passed over: the value goes on as it was.
 */
export class TapList<T, C> {
  readonly #taps: { readonly name: string; readonly tap: Tap<T, C> }[] = [];
  readonly #onError: (name: string, error: unknown) => void;
  readonly #emitter = new Emitter<void>();
  #hook = new AsyncSeriesWaterfallHook<[T, C]>(['value', 'context']);

  /** A tap came: what went through before may come out differently now. */
  readonly onDidTap: Event<void> = this.#emitter.event;

  constructor(onError: (name: string, error: unknown) => void) {
    this.#onError = onError;
  }

  get size(): number {
    return this.#taps.length;
  }

  tap(name: string, tap: Tap<T, C>): Disposable {
    const entry = { name, tap };
    this.#taps.push(entry);
    this.#rebuild();
    this.#emitter.fire();
    return toDisposable(() => {
      this.#taps.splice(this.#taps.indexOf(entry), 1);
      this.#rebuild();
    });
  }

  async run(value: T, context: C): Promise<T> {
    return this.#taps.length === 0 ? value : await this.#hook.promise(value, context);
  }

  #rebuild(): void {
    this.#hook = new AsyncSeriesWaterfallHook<[T, C]>(['value', 'context']);
    for (const { name, tap } of this.#taps) {
      this.#hook.tapPromise(name, async (value, context) => {
        try {
          return await tap(value, context);
        } catch (error) {
          this.#onError(name, error);
          return value;
        }
      });
    }
  }
}
