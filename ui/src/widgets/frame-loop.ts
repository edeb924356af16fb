import type { Disposable } from '@tutti/base';

/** Paints one thing that moves, at the time of a frame. @returns true while it goes on moving. */
export type Painter = (time: number) => boolean;

interface Entry {
  readonly paint: Painter;
  readonly turn: number;
  isAwake: boolean;
}

/** Frames that are farther apart than this come late: then everything is painted in each. */
const lateMs = 24;
const turns = 2;

/**
 * One loop of animation frames for all that moves with levels. What is damaged in a frame is drawn by the browser as one rectangle
 * around it all, so things in different places take turns: bars beside the grid in one frame, meters of the panel in the next. A bar
 * falls by half a pixel in a frame, so that nobody sees the difference.
 */
export class FrameLoop {
  readonly #entries = new Set<Entry>();
  readonly #request: (draw: (time: number) => void) => number;
  readonly #cancel: (frame: number) => void;
  #frame: number | undefined;
  #count = 0;
  #last = 0;

  constructor(
    request: (draw: (time: number) => void) => number = (draw) => requestAnimationFrame(draw),
    cancel: (frame: number) => void = (frame) => cancelAnimationFrame(frame),
  ) {
    this.#request = request;
    this.#cancel = cancel;
  }

  /**
   * @param place things in the same place have the same turn.
   * @returns what wakes the painter: it is called from then on until it says that nothing moves any more.
   */
  add(paint: Painter, place: number): Disposable & { wake(): void } {
    const entry: Entry = { paint, turn: place % turns, isAwake: false };
    this.#entries.add(entry);
    return {
      wake: () => {
        entry.isAwake = true;
        this.#frame ??= this.#request((time) => this.#draw(time));
      },
      dispose: () => {
        this.#entries.delete(entry);
        if (this.#frame === undefined || [...this.#entries].some(({ isAwake }) => isAwake)) return;
        this.#cancel(this.#frame);
        this.#frame = undefined;
      },
    };
  }

  #draw(time: number): void {
    this.#frame = undefined;
    const isLate = time - this.#last > lateMs;
    this.#last = time;
    this.#count += 1;
    for (const entry of this.#entries) {
      if (!entry.isAwake || (!isLate && entry.turn !== this.#count % turns)) continue;
      entry.isAwake = false;
      if (entry.paint(time)) entry.isAwake = true;
    }
    if ([...this.#entries].some(({ isAwake }) => isAwake))
      this.#frame ??= this.#request((next) => this.#draw(next));
  }
}

/** The page's own. */
export const frameLoop = new FrameLoop();
