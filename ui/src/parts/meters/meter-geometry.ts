/** Where things are on a canvas, in its own (device) pixels. */
export interface MeterGeometry {
  readonly width: number;
  readonly height: number;
  /** Device pixels in one CSS pixel. */
  readonly unit: number;
  /** Of the bars. */
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  readonly channels: number;
  /** Left edge of each channel's bar, and one more: the right end. */
  readonly edges: readonly number[];
  /** Width of a bar; at least one pixel. */
  readonly bar: number;
}

/** Channels stand in groups of eight, with a wider gap between groups. */
export const groupSize = 8;

/** CSS pixels around the bars: decibels at the left, overs above, channel numbers below. */
const margins = { left: 26, right: 2, top: 9, bottom: 20 };

export function meterGeometry(width: number, height: number, unit: number, channels: number): MeterGeometry {
  const left = Math.round(margins.left * unit);
  const groups = Math.ceil(channels / groupSize);
  const groupGap = Math.round(3 * unit);
  const room = width - left - margins.right * unit - groupGap * (groups - 1);
  const step = room / channels;
  const edge = (channel: number): number =>
    Math.round(left + channel * step + Math.floor(channel / groupSize) * groupGap);
  return {
    width,
    height,
    unit,
    left,
    top: Math.round(margins.top * unit),
    bottom: height - Math.round(margins.bottom * unit),
    channels,
    edges: Array.from({ length: channels + 1 }, (_, channel) => edge(channel)),
    bar: Math.max(1, Math.floor(step) - Math.max(1, Math.round(step / 6))),
  };
}

/** Which channel (from 0) is at `x` canvas pixels; undefined beside the bars. */
export function channelAt(geometry: MeterGeometry, x: number): number | undefined {
  if (x < geometry.left || x > geometry.width) return undefined;
  const after = geometry.edges.findIndex((edge) => edge > x);
  const channel = (after === -1 ? geometry.channels : after) - 1;
  return Math.min(Math.max(channel, 0), geometry.channels - 1);
}
