import type { Disposable } from '@tutti/base';

/** Paints one thing that moves, at the time of a frame. @returns true while it goes on moving. */
export type Painter = (time: number) => boolean;

interface Entry {
  readonly paint: Painter;
  readonly interval: number;
  isAwake: boolean;
  /** Time of the frame in which it was painted last. */
  painted: number;
}

/**
 * One loop of animation frames for all that moves. A browser without a GPU draws one rectangle around all that changed in a frame, which
 * costs more than all the painting where things lie far apart. So what moves with levels says how seldom it need be painted, and has a
 * frame for itself: in each only the one that has waited longest is painted.
 */
export class FrameLoop {
  readonly #entries = new Set<Entry>();
  readonly #request: (draw: (time: number) => void) => number;
  readonly #cancel: (frame: number) => void;
  #frame: number | undefined;

  constructor(
    request: (draw: (time: number) => void) => number = (draw) => requestAnimationFrame(draw),
    cancel: (frame: number) => void = (frame) => cancelAnimationFrame(frame),
  ) {
    this.#request = request;
    this.#cancel = cancel;
  }

  /**
   * @param interval ms between two paintings at least; 0: in every frame, whatever else is painted in it.
   * @returns what wakes the painter: it is called from then on until it says that nothing moves any more.
   */
  add(paint: Painter, interval = 0): Disposable & { wake(): void } {
    const entry: Entry = { paint, interval, isAwake: false, painted: -Infinity };
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
    const due = [...this.#entries].filter(
      ({ isAwake, interval, painted }) => isAwake && time - painted >= interval,
    );
    const lateness = ({ interval, painted }: Entry): number => time - painted - interval;
    const [latest] = due.filter(({ interval }) => interval > 0).sort((a, b) => lateness(b) - lateness(a));
    for (const entry of due.filter((each) => each.interval === 0 || each === latest)) {
      entry.painted = time;
      entry.isAwake = false;
      if (entry.paint(time)) entry.isAwake = true;
    }
    if ([...this.#entries].some(({ isAwake }) => isAwake))
      this.#frame ??= this.#request((next) => this.#draw(next));
  }
}

/** The page's own. */
export const frameLoop = new FrameLoop();
