import type { Ballistics } from './ballistics.ts';
import { channelAt, meterGeometry, type MeterGeometry } from './meter-geometry.ts';
import {
  meterColours,
  meterLook,
  meterChanges,
  paintMeterCursor,
  paintMeterGround,
  paintMeters,
  type MeterChange,
  type MeterColours,
  type MeterLook,
  type MeterMarks,
} from './paint-meters.ts';
import { watchTheme } from '../../theme/theme.ts';
import { contextOf, surfaceOf, type DrawingContext } from '../../widgets/drawing-surface.ts';
import { frameLoop } from '../../widgets/frame-loop.ts';
import type { Disposable } from '@tutti/base';

/**
 * A bar of 120 pixels falls by one of them in this time, ms (see {@link Ballistics}; half the height is 20 dB): painting it more often
 * shows nothing more. Two frames of a 60 Hz screen.
 */
const meterInterval = 28;

/**
 * Draws one side's meters on a canvas, frame by frame, while it can be seen: React only says when something other than
 * levels changed. In a frame only what looks different is painted.
 */
export class MeterBridge implements Disposable {
  readonly #canvas: HTMLCanvasElement;
  readonly #levels: Ballistics;
  /** After each picture. */
  readonly #afterPaint: () => void;
  #colours: MeterColours | undefined;
  #geometry: MeterGeometry | undefined;
  #marks: MeterMarks;
  /** What stands still is to be drawn anew, and every channel over it. */
  #isStale = true;
  #painted: (MeterLook | undefined)[] = [];
  #onScreen = true;
  readonly #frames = frameLoop.add((time) => this.#draw(time), meterInterval);
  readonly #stops: (() => void)[] = [];

  constructor(canvas: HTMLCanvasElement, levels: Ballistics, painted: () => void) {
    this.#canvas = canvas;
    this.#levels = levels;
    this.#afterPaint = painted;
    this.#marks = { used: new Uint8Array(levels.channels), cursor: undefined };
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(canvas);
    const visible = new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1)?.isIntersecting ?? true;
      this.wake();
    });
    visible.observe(canvas);
    const wake = (): void => this.wake();
    document.addEventListener('visibilitychange', wake);
    this.#stops.push(
      () => resize.disconnect(),
      () => visible.disconnect(),
      () => document.removeEventListener('visibilitychange', wake),
      watchTheme(() => {
        this.#colours = undefined;
        this.#isStale = true;
        this.wake();
      }),
    );
  }

  set marks(marks: MeterMarks) {
    this.#marks = marks;
    this.#isStale = true;
    this.wake();
  }

  get cursor(): number | undefined {
    return this.#marks.cursor;
  }

  set cursor(channel: number | undefined) {
    if (channel !== this.#marks.cursor) this.marks = { ...this.#marks, cursor: channel };
  }

  set used(used: Uint8Array) {
    this.marks = { ...this.#marks, used };
  }

  /** Channel (from 0) at a place in the window. */
  channelAt(clientX: number): number | undefined {
    const geometry = this.#geometry;
    if (!geometry) return undefined;
    return channelAt(geometry, (clientX - this.#canvas.getBoundingClientRect().left) * geometry.unit);
  }

  /** Something changed: draw from the next frame on, until nothing moves. */
  wake(): void {
    if (this.#onScreen && !document.hidden) this.#frames.wake();
  }

  dispose(): void {
    this.#frames.dispose();
    for (const stop of this.#stops.splice(0)) stop();
  }

  #resize(): void {
    const unit = window.devicePixelRatio;
    const width = Math.round(this.#canvas.clientWidth * unit);
    const height = Math.round(this.#canvas.clientHeight * unit);
    const surface = surfaceOf(this.#canvas);
    surface.width = Math.max(1, width);
    surface.height = Math.max(1, height);
    this.#geometry = meterGeometry(width, height, unit, this.#levels.channels);
    this.#isStale = true;
    this.wake();
  }

  #draw(time: number): boolean {
    if (!this.#geometry || document.hidden) return false;
    const moves = this.#levels.advance(time);
    this.#paint(contextOf(surfaceOf(this.#canvas), false), this.#geometry);
    this.#afterPaint();
    return moves && this.#onScreen;
  }

  #paint(context: DrawingContext, geometry: MeterGeometry): void {
    const colours = (this.#colours ??= meterColours(this.#canvas));
    const { used, cursor } = this.#marks;
    if (this.#isStale) {
      paintMeterGround(context, geometry, colours, used);
      this.#isStale = false;
      this.#painted = [];
    }
    const changed: MeterChange[] = [];
    for (let channel = 0; channel < geometry.channels; channel++) {
      const look = meterLook(geometry, this.#levels, channel);
      const before = this.#painted[channel];
      if (before && before.head === look.head && before.hold === look.hold && before.over === look.over)
        continue;
      this.#painted[channel] = look;
      changed.push(...meterChanges(geometry, channel, look, before));
    }
    if (changed.length > 0) paintMeters(context, geometry, colours, changed);
    if (cursor !== undefined) paintMeterCursor(context, geometry, colours, cursor);
  }
}
