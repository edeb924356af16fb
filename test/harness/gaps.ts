import { readFileSync } from 'node:fs';

/** Silence of one channel inside a recording, in frames. */
export interface Gap {
  readonly start: number;
  readonly frames: number;
}

/**
 * The longest run of zeros in channel 1 of a raw recording of `channels` little-endian 32-bit samples, between the first
 * and the last sample that is not zero.
 */
export function longestGap(file: string, channels: number): Gap {
  const bytes = readFileSync(file);
  const samples = new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
  let longest: Gap = { start: 0, frames: 0 };
  let last = -1;
  for (let frame = 0; frame * channels < samples.length; ++frame) {
    if (samples[frame * channels] === 0) continue;
    if (last >= 0 && frame - last - 1 > longest.frames)
      longest = { start: last + 1, frames: frame - last - 1 };
    last = frame;
  }
  return longest;
}
