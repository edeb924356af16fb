import type { Disposable } from '@tutti/base';
import { LevelCanvas } from '../meters/level-canvas.ts';
import { meterColours, type MeterColours } from '../meters/paint-meters.ts';
import type { GridScene } from './grid-layout.ts';
import type { GridView } from './paint-ground.ts';
import { linesIn } from './track.ts';

/** The small level bars in the header of the device's channels. */
export class LevelStrip implements Disposable {
  readonly #canvas: HTMLCanvasElement;
  readonly #levels: LevelCanvas;
  #colours: MeterColours | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#levels = new LevelCanvas(canvas, true);
  }

  /** Places it over the scene's header, where the view of it is now. */
  layOut(scene: GridScene, view: GridView, unit: number): void {
    const { header, meter, metersAt, cell, rows, columns } = scene.layout;
    const isDown = metersAt === 'rows';
    const box = isDown
      ? {
          left: header.width - meter - 4,
          top: header.height,
          width: meter,
          height: view.height - header.height,
        }
      : {
          left: header.width,
          top: header.height - meter - 4,
          width: view.width - header.width,
          height: meter,
        };
    const { style } = this.#canvas;
    style.left = `${box.left}px`;
    style.top = `${box.top}px`;
    style.width = `${Math.max(0, box.width)}px`;
    style.height = `${Math.max(0, box.height)}px`;
    const [track, lines] = isDown ? [rows, scene.rows.lines] : [columns, scene.columns.lines];
    const [from, size] = isDown ? [view.top, view.height] : [view.left, view.width];
    const [first, end] = linesIn(track, from, size);
    this.#levels.picture = {
      kind: 'strip',
      side: scene.bay.face === 'receive' ? 'input' : 'output',
      width: Math.max(1, Math.round(box.width * unit)),
      height: Math.max(1, Math.round(box.height * unit)),
      isDown,
      bars: lines.slice(first, end).map(({ channel, span }, i) => ({
        at: Math.round(((track.starts[first + i] ?? 0) - from + cell / 8) * unit),
        channel,
        span,
      })),
      thick: Math.max(1, Math.round((cell - Math.max(2, cell / 4)) * unit)),
      colours: (this.#colours ??= meterColours(this.#canvas)),
    };
  }

  /** The theme is another one; {@link layOut} shows it. */
  forgetColours(): void {
    this.#colours = undefined;
  }

  dispose(): void {
    this.#levels.dispose();
  }
}
