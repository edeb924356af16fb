import type { Ballistics } from './ballistics.ts';
import type { StripPicture } from './level-messages.ts';
import type { PicturePainter } from './picture-painter.ts';
import { alignmentDb, heightOf, permittedDb } from './scale.ts';

/** A bar that is not as long as it was, device pixels. */
interface Change {
  /** Across the bar. */
  readonly at: number;
  readonly length: number;
  /** -1: nothing is painted here yet. */
  readonly before: number;
}

export class StripPainter implements PicturePainter {
  /** A bar of 34 pixels falls by one of them in this time (see {@link Ballistics}): more frames show nothing more. */
  readonly interval = 95;
  readonly #picture: StripPicture;
  /** Of a bar at full scale, device pixels. */
  readonly #full: number;
  /** Length of each bar as it is painted; empty before the first picture. */
  #painted: readonly number[] = [];

  constructor(picture: StripPicture) {
    this.#picture = picture;
    this.#full = picture.isDown ? picture.width : picture.height;
  }

  paint(context: OffscreenCanvasRenderingContext2D, levels: Ballistics): void {
    const { bars, width, height } = this.#picture;
    if (this.#painted.length === 0) context.clearRect(0, 0, width, height);
    const lengths = bars.map(({ channel, span }) =>
      Math.round(heightOf(loudest(levels, channel, span)) * this.#full),
    );
    const changed = bars
      .map(({ at }, i): Change => ({ at, length: lengths[i] ?? 0, before: this.#painted[i] ?? -1 }))
      .filter(({ length, before }) => length !== before);
    this.#painted = lengths;
    if (changed.length > 0) this.#paintChanges(context, changed);
  }

  /** Colour by colour: changing it is what takes time. */
  #paintChanges(context: OffscreenCanvasRenderingContext2D, changed: readonly Change[]): void {
    const { isDown, thick, colours } = this.#picture;
    const full = this.#full;
    const fill = (at: number, start: number, stop: number): void => {
      if (stop <= start) return;
      if (isDown) context.fillRect(start, at, stop - start, thick);
      else context.fillRect(at, full - stop, thick, stop - start);
    };
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
}

function loudest(levels: Ballistics, channel: number, span: number): number {
  let highest = -Infinity;
  for (let i = channel; i < channel + span; i++) highest = Math.max(highest, levels.level[i] ?? -Infinity);
  return highest;
}
