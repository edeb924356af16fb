import type { Disposable } from '@tutti/base';
import type { LevelPicture } from './level-messages.ts';
import { levelThread } from './level-thread.ts';

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
    levelThread.show(this.#id, this.#isInSight && !document.hidden ? this.#picture : undefined);
  };

  /** @param alpha what lies below shows between what is painted. */
  constructor(canvas: HTMLCanvasElement, alpha: boolean) {
    this.#id = levelThread.idOf(canvas, alpha);
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
    levelThread.show(this.#id, undefined);
  }
}
