import type { ShownLevels } from './ballistics.ts';
import type { MeterColours } from './paint-meters.ts';
import type { Side } from './side-words.ts';

/** What the page tells the thread of levels. */
export type LevelMessage = PainterMessage | { readonly kind: 'listen'; readonly wish: LevelWish };

/** Where levels are to be heard, and how often the page wants to know of them, ms. */
export interface LevelWish {
  /** Address of the WebSocket; absent: nobody looks at levels, or there is no host. */
  readonly address?: string;
  /** Absent: the page needs none. */
  readonly reportMs?: number;
}

/** What the page is told of levels: they come more often than it could use them. */
export type LevelReport = Readonly<Record<Side, ReportedSide>>;

export interface ReportedSide extends ShownLevels {
  /** Highest linear peak of each channel since the last report. */
  readonly peaks: Float32Array;
}

/** What the painter is told. */
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
