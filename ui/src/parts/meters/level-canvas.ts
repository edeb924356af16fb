import type { Disposable } from '@tutti/base';
import type { MeterFrame } from '@tutti/common';
import type { LevelPicture, PainterMessage } from './level-messages.ts';

/** The thread in which levels are painted, as the page sees it; it begins with the first canvas. */
class PainterThread {
  readonly #seen = new Set<number>();
  /** A canvas hands out its surface once; parts that are hidden and shown again ask again. */
  readonly #ids = new WeakMap<HTMLCanvasElement, number>();
  readonly #collected = new FinalizationRegistry<number>((id) => this.#post({ kind: 'forget', id }));
  #worker: Worker | undefined;
  #count = 0;

  idOf(canvas: HTMLCanvasElement, alpha: boolean): number {
    const known = this.#ids.get(canvas);
    if (known !== undefined) return known;
    const id = this.#count++;
    this.#ids.set(canvas, id);
    this.#collected.register(canvas, id);
    this.#worker ??= new Worker('/level-worker.js', { type: 'module' });
    const surface = canvas.transferControlToOffscreen();
    this.#post({ kind: 'canvas', id, surface, alpha }, [surface]);
    return id;
  }

  show(id: number, picture: LevelPicture | undefined): void {
    if (picture) this.#seen.add(id);
    else this.#seen.delete(id);
    this.#post({ kind: 'show', id, picture });
  }

  feed({ inputs, outputs }: MeterFrame): void {
    if (this.#seen.size > 0 && !document.hidden) this.#post({ kind: 'levels', inputs, outputs });
  }

  resetHolds(): void {
    this.#post({ kind: 'resetHolds' });
  }

  #post(message: PainterMessage, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }
}

/** The page's own. */
export const painterThread = new PainterThread();

/** A canvas on which levels are painted while it can be seen: the page only says what else is to be on it. */
export class LevelCanvas implements Disposable {
  readonly #id: number;
  #picture: LevelPicture | undefined;
  #isInSight = true;
  readonly #sight = new IntersectionObserver((entries) => {
    const isInSight = entries.at(-1)?.isIntersecting ?? true;
    if (isInSight === this.#isInSight) return;
    this.#isInSight = isInSight;
    this.#show();
  });

  readonly #show = (): void => {
    painterThread.show(this.#id, this.#isInSight && !document.hidden ? this.#picture : undefined);
  };

  /** @param alpha what lies below shows between what is painted. */
  constructor(canvas: HTMLCanvasElement, alpha: boolean) {
    this.#id = painterThread.idOf(canvas, alpha);
    this.#sight.observe(canvas);
    document.addEventListener('visibilitychange', this.#show);
  }

  set picture(picture: LevelPicture) {
    this.#picture = picture;
    this.#show();
  }

  dispose(): void {
    this.#sight.disconnect();
    document.removeEventListener('visibilitychange', this.#show);
    painterThread.show(this.#id, undefined);
  }
}
