import type { Ballistics } from '../meters/ballistics.ts';
import { meterColours, type MeterColours } from '../meters/paint-meters.ts';
import { alignmentDb, heightOf, permittedDb } from '../meters/scale.ts';
import { contextOf, surfaceOf, type DrawingContext } from '../../widgets/drawing-surface.ts';
import type { GridScene } from './grid-layout.ts';
import type { GridView } from './paint-ground.ts';
import { linesIn } from './track.ts';

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
    const surface = surfaceOf(this.#canvas);
    surface.width = Math.max(1, Math.round(box.width * unit));
    surface.height = Math.max(1, Math.round(box.height * unit));
    this.#painted = new Int16Array(isDown ? scene.rows.lines.length : scene.columns.lines.length).fill(-1);
  }

  forgetColours(): void {
    this.#colours = undefined;
    this.#painted.fill(-1);
  }

  paint(scene: GridScene, view: GridView, unit: number, levels: Ballistics): void {
    const context = contextOf(surfaceOf(this.#canvas), true);
    const colours = (this.#colours ??= meterColours(this.#canvas));
    const { layout } = scene;
    const isDown = layout.metersAt === 'rows';
    const [track, lines] = isDown ? [layout.rows, scene.rows.lines] : [layout.columns, scene.columns.lines];
    const [from, size] = isDown ? [view.top, view.height] : [view.left, view.width];
    const [first, end] = linesIn(track, from, size);
    const full = Math.round(layout.meter * unit);
    const thick = Math.max(1, Math.round((layout.cell - Math.max(2, layout.cell / 4)) * unit));
    const changed: Change[] = [];
    for (let i = first; i < end; i++) {
      const line = lines[i];
      if (!line) continue;
      const length = Math.round(heightOf(loudest(levels, line.channel, line.span)) * full);
      const before = this.#painted[i] ?? -1;
      if (length === before) continue;
      this.#painted[i] = length;
      const at = Math.round(((track.starts[i] ?? 0) - from + layout.cell / 8) * unit);
      changed.push({ at, length, before });
    }
    if (changed.length === 0) return;
    const fill = (at: number, start: number, stop: number): void => {
      if (stop <= start) return;
      if (isDown) context.fillRect(start, at, stop - start, thick);
      else context.fillRect(at, full - stop, thick, stop - start);
    };
    paintChanges(context, colours, changed, full, fill);
  }
}

/** A bar that is not as long as it was, device pixels. */
interface Change {
  /** Across the bar. */
  readonly at: number;
  readonly length: number;
  /** -1: nothing is painted here yet. */
  readonly before: number;
}

/** Colour by colour: changing it is what takes time. */
function paintChanges(
  context: DrawingContext,
  colours: MeterColours,
  changed: readonly Change[],
  full: number,
  fill: (at: number, start: number, stop: number) => void,
): void {
  context.fillStyle = colours.well;
  for (const { at, length, before } of changed) fill(at, length, before < 0 ? full : before);
  const ends = [heightOf(alignmentDb) * full, heightOf(permittedDb) * full, full].map(Math.round);
  let from = 0;
  for (const [i, colour] of [colours.low, colours.middle, colours.high].entries()) {
    const to = ends[i] ?? full;
    context.fillStyle = colour;
    for (const { at, length, before } of changed) fill(at, Math.max(from, before), Math.min(to, length));
    from = to;
  }
}

function loudest(levels: Ballistics, channel: number, span: number): number {
  let highest = -Infinity;
  for (let i = channel; i < channel + span; i++) highest = Math.max(highest, levels.level[i] ?? -Infinity);
  return highest;
}
