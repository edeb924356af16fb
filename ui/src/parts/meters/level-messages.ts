import type { MeterColours } from './paint-meters.ts';
import type { Side } from './side-words.ts';

/** What the page tells the painter of levels, which works in a thread of its own. */
export type PainterMessage =
  | {
      readonly kind: 'canvas';
      readonly id: number;
      readonly surface: OffscreenCanvas;
      readonly alpha: boolean;
    }
  /** Without a picture nothing is painted on it until there is one again: nobody sees it. */
  | { readonly kind: 'show'; readonly id: number; readonly picture: LevelPicture | undefined }
  | { readonly kind: 'forget'; readonly id: number }
  /** Linear peaks since the last such message. */
  | { readonly kind: 'levels'; readonly inputs: Float32Array; readonly outputs: Float32Array }
  | { readonly kind: 'resetHolds' };

export type LevelPicture = MeterPicture | StripPicture;

interface Picture {
  readonly side: Side;
  /** Device pixels. */
  readonly width: number;
  readonly height: number;
  readonly colours: MeterColours;
}

/** All channels of one side, with hold, scale and numbers. */
export interface MeterPicture extends Picture {
  readonly kind: 'meters';
  /** Device pixels in one CSS pixel. */
  readonly unit: number;
  readonly channels: number;
  /** 1 where a channel has a route. */
  readonly used: Uint8Array;
  /** Channel (from 0) whose value is being read out. */
  readonly cursor: number | undefined;
}

/** Small bars, one for each line of something else. */
export interface StripPicture extends Picture {
  readonly kind: 'strip';
  /** Bars lie below each other and grow to the right; otherwise they stand side by side. */
  readonly isDown: boolean;
  readonly bars: readonly StripBar[];
  /** Of each bar across, device pixels. */
  readonly thick: number;
}

export interface StripBar {
  /** Where it begins across, device pixels. */
  readonly at: number;
  /** It shows the loudest of these channels (from 0). */
  readonly channel: number;
  readonly span: number;
}
