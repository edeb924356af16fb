import type { Disposable } from '@tutti/base';
import { socketAddress } from '../../api/http-client.ts';
import type { LevelMessage, LevelPicture, LevelReport, LevelWish } from './level-messages.ts';

interface Watch {
  readonly interval: number;
  readonly take: (report: LevelReport) => void;
}

/**
 * The thread in which levels are heard and painted, as the page sees it; it begins with the first canvas or watch. It hears them on a
 * connection of its own: 25 times a second are a lot for the page's thread, whatever it does with them. There is none while nobody looks.
 */
class LevelThread {
  readonly #seen = new Set<number>();
  readonly #watches = new Set<Watch>();
  /** A canvas hands out its surface once; parts that are hidden and shown again ask again. */
  readonly #ids = new WeakMap<HTMLCanvasElement, number>();
  readonly #collected = new FinalizationRegistry<number>((id) => this.#post({ kind: 'forget', id }));
  #worker: Worker | undefined;
  #count = 0;
  #isLive = false;
  #wish: LevelWish = {};

  /** Whether there is a host to be heard. */
  set isLive(isLive: boolean) {
    this.#isLive = isLive;
    this.#listen();
  }

  idOf(canvas: HTMLCanvasElement, alpha: boolean): number {
    const known = this.#ids.get(canvas);
    if (known !== undefined) return known;
    const id = this.#count++;
    this.#ids.set(canvas, id);
    this.#collected.register(canvas, id);
    this.#begin();
    const surface = canvas.transferControlToOffscreen();
    this.#post({ kind: 'canvas', id, surface, alpha }, [surface]);
    return id;
  }

  show(id: number, picture: LevelPicture | undefined): void {
    if (picture) this.#seen.add(id);
    else this.#seen.delete(id);
    this.#post({ kind: 'show', id, picture });
    this.#listen();
  }

  /** Calls back with levels every `interval` ms, or more often, while the page is in sight; with silence if there is no host. */
  watch(interval: number, take: (report: LevelReport) => void): Disposable {
    const watch = { interval, take };
    this.#watches.add(watch);
    this.#begin();
    this.#listen();
    return {
      dispose: () => {
        this.#watches.delete(watch);
        this.#listen();
      },
    };
  }

  resetHolds(): void {
    this.#post({ kind: 'resetHolds' });
  }

  #begin(): void {
    if (this.#worker) return;
    this.#worker = new Worker('/level-worker.js', { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<LevelReport>) => {
      for (const { take } of this.#watches) take(data);
    };
    document.addEventListener('visibilitychange', () => this.#listen());
  }

  #listen(): void {
    const isLookedAt = !document.hidden && this.#seen.size + this.#watches.size > 0;
    const intervals = [...this.#watches].map(({ interval }) => interval);
    const wish: LevelWish = {
      ...(isLookedAt && this.#isLive && { address: socketAddress('/levels') }),
      ...(isLookedAt && intervals.length > 0 && { reportMs: Math.min(...intervals) }),
    };
    if (wish.address === this.#wish.address && wish.reportMs === this.#wish.reportMs) return;
    this.#wish = wish;
    this.#post({ kind: 'listen', wish });
  }

  #post(message: LevelMessage, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }
}

/** The page's own. */
export const levelThread = new LevelThread();
