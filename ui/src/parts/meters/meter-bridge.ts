import type { Ballistics } from './ballistics.ts';
import { channelAt, meterGeometry, type MeterGeometry } from './meter-geometry.ts';
import {
  meterColours,
  meterLook,
  paintMeter,
  paintMeterCursor,
  paintMeterGround,
  type MeterColours,
  type MeterLook,
  type MeterMarks,
} from './paint-meters.ts';
import { watchTheme } from '../../theme/theme.ts';
import type { Disposable } from '@tutti/base';

/**
 * Draws one side's meters on a canvas, frame by frame, while it can be seen: React only says when something other than
 * levels changed. What stands still is kept as a picture; in a frame only the channels that look different are painted.
 */
export class MeterBridge implements Disposable {
  readonly #canvas: HTMLCanvasElement;
  readonly #levels: Ballistics;
  /** After each picture. */
  readonly #afterPaint: () => void;
  #colours: MeterColours | undefined;
  #geometry: MeterGeometry | undefined;
  #marks: MeterMarks;
  /** What stands still; undefined: to be drawn anew, and every channel over it. */
  #ground: HTMLCanvasElement | undefined;
  #painted: (MeterLook | undefined)[] = [];
  #onScreen = true;
  #frame: number | undefined;
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
        this.#ground = undefined;
        this.wake();
      }),
    );
  }

  set marks(marks: MeterMarks) {
    this.#marks = marks;
    this.#ground = undefined;
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
    if (this.#frame !== undefined || !this.#onScreen || document.hidden) return;
    this.#frame = requestAnimationFrame((time) => this.#draw(time));
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops.splice(0)) stop();
  }

  #resize(): void {
    const unit = window.devicePixelRatio;
    const width = Math.round(this.#canvas.clientWidth * unit);
    const height = Math.round(this.#canvas.clientHeight * unit);
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#geometry = meterGeometry(width, height, unit, this.#levels.channels);
    this.#ground = undefined;
    this.wake();
  }

  #draw(time: number): void {
    this.#frame = undefined;
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!context || !this.#geometry || document.hidden) return;
    const moves = this.#levels.advance(time);
    this.#paint(context, this.#geometry);
    this.#afterPaint();
    if (moves) this.wake();
  }

  #paint(context: CanvasRenderingContext2D, geometry: MeterGeometry): void {
    const colours = (this.#colours ??= meterColours(this.#canvas));
    const { used, cursor } = this.#marks;
    if (!this.#ground) {
      this.#ground = document.createElement('canvas');
      [this.#ground.width, this.#ground.height] = [geometry.width, geometry.height];
      const still = this.#ground.getContext('2d', { alpha: false });
      if (still) paintMeterGround(still, geometry, colours, used);
      context.drawImage(this.#ground, 0, 0);
      this.#painted = [];
    }
    for (let channel = 0; channel < geometry.channels; channel++) {
      const look = meterLook(geometry, this.#levels, channel);
      const before = this.#painted[channel];
      if (before && before.head === look.head && before.hold === look.hold && before.over === look.over)
        continue;
      this.#painted[channel] = look;
      paintMeter(context, this.#ground, geometry, colours, channel, look);
    }
    if (cursor !== undefined) paintMeterCursor(context, geometry, colours, cursor);
  }
}
