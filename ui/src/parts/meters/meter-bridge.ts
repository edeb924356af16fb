import type { Ballistics } from './ballistics.ts';
import { channelAt, meterGeometry, type MeterGeometry } from './meter-geometry.ts';
import { meterColours, paintMeters, type MeterColours, type MeterMarks } from './paint-meters.ts';
import { watchTheme } from '../../theme/theme.ts';
import type { Disposable } from '@tutti/base';

/**
 * Draws one side's meters on a canvas, frame by frame, while it can be seen: React only says when something other than
 * levels changed.
 */
export class MeterBridge implements Disposable {
  readonly #canvas: HTMLCanvasElement;
  readonly #levels: Ballistics;
  /** After each picture. */
  readonly #painted: () => void;
  #colours: MeterColours | undefined;
  #geometry: MeterGeometry | undefined;
  #marks: MeterMarks;
  #onScreen = true;
  #frame: number | undefined;
  readonly #stops: (() => void)[] = [];

  constructor(canvas: HTMLCanvasElement, levels: Ballistics, painted: () => void) {
    this.#canvas = canvas;
    this.#levels = levels;
    this.#painted = painted;
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
        this.wake();
      }),
    );
  }

  set marks(marks: MeterMarks) {
    this.#marks = marks;
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
    this.wake();
  }

  #draw(time: number): void {
    this.#frame = undefined;
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!context || !this.#geometry || document.hidden) return;
    const moves = this.#levels.advance(time);
    this.#colours ??= meterColours(this.#canvas);
    paintMeters(context, this.#geometry, this.#levels, this.#colours, this.#marks);
    this.#painted();
    if (moves) this.wake();
  }
}
