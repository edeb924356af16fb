import type { Disposable } from '@tutti/base';
import { watchTheme } from '../../theme/theme.ts';
import { LevelCanvas } from './level-canvas.ts';
import { channelAt, meterGeometry } from './meter-geometry.ts';
import { meterColours, type MeterColours } from './paint-meters.ts';
import type { Side } from './side-words.ts';

/** One side's meters on a canvas: what they look like and where each is. The painter's thread moves them. */
export class MeterBridge implements Disposable {
  readonly #canvas: HTMLCanvasElement;
  readonly #levels: LevelCanvas;
  readonly #side: Side;
  readonly #channels: number;
  #colours: MeterColours | undefined;
  #size: { readonly width: number; readonly height: number } | undefined;
  #used: Uint8Array;
  #cursor: number | undefined;
  readonly #stops: (() => void)[];

  constructor(canvas: HTMLCanvasElement, side: Side, channels: number) {
    this.#canvas = canvas;
    this.#levels = new LevelCanvas(canvas, false);
    [this.#side, this.#channels] = [side, channels];
    this.#used = new Uint8Array(channels);
    const resize = new ResizeObserver((entries) => {
      // Safari has only the size in CSS pixels, from which one cannot tell to which pixels it is rounded.
      const exact = entries.at(-1)?.devicePixelContentBoxSize?.[0];
      this.#size = exact ? { width: exact.inlineSize, height: exact.blockSize } : undefined;
      this.#show();
    });
    try {
      resize.observe(canvas, { box: 'device-pixel-content-box' });
    } catch {
      resize.observe(canvas);
    }
    this.#stops = [
      () => resize.disconnect(),
      watchTheme(() => {
        this.#colours = undefined;
        this.#show();
      }),
    ];
  }

  get cursor(): number | undefined {
    return this.#cursor;
  }

  set cursor(channel: number | undefined) {
    if (channel === this.#cursor) return;
    this.#cursor = channel;
    this.#show();
  }

  /** 1 where a channel has a route. */
  set used(used: Uint8Array) {
    this.#used = used;
    this.#show();
  }

  /** Channel (from 0) at a place in the window. */
  channelAt(clientX: number): number | undefined {
    const { width, height, unit } = this.#extent;
    const geometry = meterGeometry(width, height, unit, this.#channels);
    return channelAt(geometry, (clientX - this.#canvas.getBoundingClientRect().left) * unit);
  }

  dispose(): void {
    this.#levels.dispose();
    for (const stop of this.#stops) stop();
  }

  /** In device pixels, exactly as many as are shown: a picture that has to be scaled costs its browser several times as much. */
  get #extent() {
    const unit = window.devicePixelRatio;
    const { clientWidth, clientHeight } = this.#canvas;
    const { width, height } = this.#size ?? { width: clientWidth * unit, height: clientHeight * unit };
    return { unit, width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  }

  #show(): void {
    this.#levels.picture = {
      kind: 'meters',
      side: this.#side,
      ...this.#extent,
      channels: this.#channels,
      colours: (this.#colours ??= meterColours(this.#canvas)),
      used: this.#used,
      cursor: this.#cursor,
    };
  }
}
