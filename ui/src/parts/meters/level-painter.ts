import type { Disposable } from '@tutti/base';
import type { MeterFrame } from '@tutti/common';
import { FrameLoop } from '../../widgets/frame-loop.ts';
import { Ballistics, type ShownLevels } from './ballistics.ts';
import type { LevelPicture, PainterMessage } from './level-messages.ts';
import { MeterPainter } from './meter-painter.ts';
import { StripPainter } from './strip-painter.ts';
import type { Side } from './side-words.ts';

interface Canvas {
  readonly context: OffscreenCanvasRenderingContext2D;
  shown?: Disposable & { wake(): void };
}

/**
 * Paints what moves with levels, frame by frame, until nothing moves. It lives in a worker: a frame of the page's own costs a browser
 * more than all this painting, and the page need not make one for levels.
 */
export class LevelPainter {
  readonly #canvases = new Map<number, Canvas>();
  readonly #levels: Record<Side, Ballistics> = { input: new Ballistics(0), output: new Ballistics(0) };
  readonly #frames = new FrameLoop();

  take(message: PainterMessage): void {
    switch (message.kind) {
      case 'canvas': {
        const context = message.surface.getContext('2d', { alpha: message.alpha });
        if (context) this.#canvases.set(message.id, { context });
        break;
      }
      case 'show':
        this.#show(this.#canvases.get(message.id), message.picture);
        break;
      case 'forget':
        this.#canvases.get(message.id)?.shown?.dispose();
        this.#canvases.delete(message.id);
        break;
      case 'resetHolds':
        for (const levels of Object.values(this.#levels)) levels.reset();
        this.#wake();
    }
  }

  /** Takes the levels since the last frame. */
  feed({ inputs, outputs }: MeterFrame): void {
    this.#feed('input', inputs);
    this.#feed('output', outputs);
    this.#wake();
  }

  /** As they are shown now. */
  levels(side: Side): ShownLevels {
    this.#levels[side].advance(performance.now());
    return this.#levels[side];
  }

  #feed(side: Side, peaks: Float32Array): void {
    if (this.#levels[side].channels !== peaks.length) this.#levels[side] = new Ballistics(peaks.length);
    this.#levels[side].feed(peaks, performance.now());
  }

  #wake(): void {
    for (const { shown } of this.#canvases.values()) shown?.wake();
  }

  #show(canvas: Canvas | undefined, picture: LevelPicture | undefined): void {
    if (!canvas) return;
    canvas.shown?.dispose();
    delete canvas.shown;
    if (!picture) return;
    const { context } = canvas;
    // Setting a size empties it.
    if (context.canvas.width !== picture.width) context.canvas.width = picture.width;
    if (context.canvas.height !== picture.height) context.canvas.height = picture.height;
    const painter = picture.kind === 'meters' ? new MeterPainter(picture) : new StripPainter(picture);
    const levels = (): Ballistics => this.#levels[picture.side];
    const draw = (time: number): boolean => {
      const moves = levels().advance(time);
      painter.paint(context, levels());
      return moves;
    };
    // At once: what was there is out of date, or gone.
    draw(performance.now());
    canvas.shown = this.#frames.add(draw, painter.interval);
    canvas.shown.wake();
  }
}
