import type { Ballistics } from '../meters/ballistics.ts';
import { meterColours, type MeterColours } from '../meters/paint-meters.ts';
import { alignmentDb, heightOf, permittedDb } from '../meters/scale.ts';
import type { GridScene } from './grid-layout.ts';
import type { GridView } from './paint-ground.ts';
import { linesIn } from './track.ts';

type Context = CanvasRenderingContext2D;

/** The small level bars in the header of the device's channels. Paints only what moved since the last frame. */
export class LevelStrip {
  readonly #canvas: HTMLCanvasElement;
  #colours: MeterColours | undefined;
  /** Length of each line's bar as it is painted, device pixels; -1: not known. */
  #painted = new Int16Array(0);

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Places it over the scene's header; everything is painted anew at the next {@link paint}. */
  layOut(scene: GridScene, view: GridView, unit: number): void {
    const { header, meter, metersAt } = scene.layout;
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
    this.#canvas.width = Math.max(1, Math.round(box.width * unit));
    this.#canvas.height = Math.max(1, Math.round(box.height * unit));
    this.#painted = new Int16Array(isDown ? scene.rows.lines.length : scene.columns.lines.length).fill(-1);
  }

  forgetColours(): void {
    this.#colours = undefined;
    this.#painted.fill(-1);
  }

  paint(scene: GridScene, view: GridView, unit: number, levels: Ballistics): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const colours = (this.#colours ??= meterColours(this.#canvas));
    const { layout } = scene;
    const isDown = layout.metersAt === 'rows';
    const [track, lines] = isDown ? [layout.rows, scene.rows.lines] : [layout.columns, scene.columns.lines];
    const [from, size] = isDown ? [view.top, view.height] : [view.left, view.width];
    const [first, end] = linesIn(track, from, size);
    const full = Math.round(layout.meter * unit);
    const thick = Math.max(1, Math.round((layout.cell - Math.max(2, layout.cell / 4)) * unit));
    for (let i = first; i < end; i++) {
      const line = lines[i];
      if (!line) continue;
      const length = Math.round(heightOf(loudest(levels, line.channel, line.span)) * full);
      const before = this.#painted[i] ?? -1;
      if (length === before) continue;
      this.#painted[i] = length;
      const at = Math.round(((track.starts[i] ?? 0) - from + layout.cell / 8) * unit);
      const fill = (start: number, stop: number): void => {
        if (stop <= start) return;
        if (isDown) context.fillRect(start, at, stop - start, thick);
        else context.fillRect(at, full - stop, thick, stop - start);
      };
      if (before < 0) wipe(fill, context, colours, 0, full);
      if (length < before) wipe(fill, context, colours, length, before);
      else paintZones(fill, context, colours, Math.max(0, before), length, full);
    }
  }
}

type Fill = (start: number, stop: number) => void;

function wipe(fill: Fill, context: Context, colours: MeterColours, start: number, stop: number): void {
  context.fillStyle = colours.well;
  fill(start, stop);
}

function paintZones(
  fill: Fill,
  context: Context,
  colours: MeterColours,
  start: number,
  stop: number,
  full: number,
): void {
  const ends = [heightOf(alignmentDb) * full, heightOf(permittedDb) * full, full].map(Math.round);
  let from = start;
  for (const [i, colour] of [colours.low, colours.middle, colours.high].entries()) {
    const to = Math.min(stop, ends[i] ?? full);
    context.fillStyle = colour;
    fill(from, to);
    from = Math.max(from, to);
  }
}

function loudest(levels: Ballistics, channel: number, span: number): number {
  let highest = -Infinity;
  for (let i = channel; i < channel + span; i++) highest = Math.max(highest, levels.level[i] ?? -Infinity);
  return highest;
}
