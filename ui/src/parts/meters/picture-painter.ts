import type { Ballistics } from './ballistics.ts';

/** Paints one picture on its canvas: in a frame, what looks different since the one before. */
export interface PicturePainter {
  /** Ms between two paintings; see `widgets/frame-loop.ts`. */
  readonly interval: number;
  paint(context: OffscreenCanvasRenderingContext2D, levels: Ballistics): void;
}
