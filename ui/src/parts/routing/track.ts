import type { Line } from './lines.ts';

/** Where the lines of one axis are, in CSS pixels from the first one's edge. */
export interface Track {
  readonly cell: number;
  readonly starts: Float64Array;
  readonly length: number;
}

/** Lines of `cell` pixels each, with `gap` more between groups. */
export function trackOf(lines: readonly Line[], cell: number, gap: number): Track {
  const starts = new Float64Array(lines.length);
  let at = 0;
  for (const [i, line] of lines.entries()) {
    if (i > 0 && lines[i - 1]?.group !== line.group) at += gap;
    starts[i] = at;
    at += cell;
  }
  return { cell, starts, length: at };
}

/** The line at a position; in a gap, the one before it. Undefined outside. */
export function lineAt({ starts, length }: Track, position: number): number | undefined {
  if (position < 0 || position >= length) return undefined;
  return firstAfter(starts, position) - 1;
}

/** The lines that a window shows, from the first to before the last; equal if there are none. */
export function linesIn(track: Track, from: number, size: number): readonly [number, number] {
  // A line that begins where the window ends is not in it.
  return [firstAfter(track.starts, from - track.cell), firstAfter(track.starts, from + size - 1e-6)];
}

/** How far a window must move so that a line is wholly in it. */
export function scrollInto({ starts, cell }: Track, line: number, from: number, size: number): number {
  const start = starts[line] ?? 0;
  if (start < from) return start;
  return start + cell > from + size ? start + cell - size : from;
}

/** Index of the first start that is greater than `position`. */
function firstAfter(starts: Float64Array, position: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
