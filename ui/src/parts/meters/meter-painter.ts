import type { Ballistics } from './ballistics.ts';
import type { MeterPicture } from './level-messages.ts';
import type { PicturePainter } from './picture-painter.ts';
import { meterGeometry, type MeterGeometry } from './meter-geometry.ts';
import {
  addMeterChanges,
  paintMeterCursor,
  paintMeterGround,
  paintMeters,
  yOf,
  type MeterChange,
  type MeterLook,
} from './paint-meters.ts';

export class MeterPainter implements PicturePainter {
  /**
   * A bar of 120 pixels falls by one of them in this time (see {@link Ballistics}; half the height is 20 dB): painting it more often
   * shows nothing more. Two frames of a 60 Hz screen.
   */
  readonly interval = 28;
  readonly #picture: MeterPicture;
  readonly #geometry: MeterGeometry;
  /** Nothing is painted before the first picture, not even what stands still. */
  #painted: (MeterLook | undefined)[] | undefined;

  constructor(picture: MeterPicture) {
    this.#picture = picture;
    this.#geometry = meterGeometry(picture.width, picture.height, picture.unit, picture.channels);
  }

  paint(context: OffscreenCanvasRenderingContext2D, levels: Ballistics): void {
    const { colours, used, cursor } = this.#picture;
    const geometry = this.#geometry;
    if (!this.#painted) paintMeterGround(context, geometry, colours, used);
    const painted = (this.#painted ??= []);
    const changed: MeterChange[] = [];
    for (let channel = 0; channel < geometry.channels; channel++) {
      const head = yOf(geometry, levels.level[channel] ?? -Infinity);
      const hold = yOf(geometry, levels.hold[channel] ?? -Infinity);
      const over = levels.over[channel] === 1;
      const before = painted[channel];
      if (before && before.head === head && before.hold === hold && before.over === over) continue;
      painted[channel] = { head, hold, over };
      addMeterChanges(changed, geometry, channel, { head, hold, over }, before);
    }
    if (changed.length > 0) paintMeters(context, geometry, colours, changed);
    if (cursor !== undefined) paintMeterCursor(context, geometry, colours, cursor);
  }
}
