import { floorDb, fullScale, toDb } from './scale.ts';

/** Fall of the bar: 20 dB in 1.7 s (IEC 60268-18, type I). The rise is immediate: peaks come from every sample. */
const fallDbPerMs = 20 / 1700;

/** A hold stays this long, then falls as the bar does. */
const holdMs = 2000;

/** Of each channel of one side. */
export interface ShownLevels {
  /** dBFS of the bar and of the hold; -Infinity is nothing. */
  readonly level: Float32Array;
  readonly hold: Float32Array;
  /** 1 where a peak reached full scale since the last reset. */
  readonly over: Uint8Array;
}

/** Levels of one side's channels as they are shown: a bar that falls, a hold, a mark for full scale that stays until reset. */
export class Ballistics implements ShownLevels {
  readonly level: Float32Array;
  readonly hold: Float32Array;
  readonly over: Uint8Array;
  readonly #heldAt: Float64Array;
  #time = 0;

  constructor(readonly channels: number) {
    this.level = new Float32Array(channels).fill(-Infinity);
    this.hold = new Float32Array(channels).fill(-Infinity);
    this.over = new Uint8Array(channels);
    this.#heldAt = new Float64Array(channels);
  }

  /** Takes the peaks (linear) since the last frame. `now` in ms, rising. */
  feed(peaks: Float32Array, now: number): void {
    this.advance(now);
    const count = Math.min(peaks.length, this.channels);
    for (let i = 0; i < count; i++) {
      const peak = peaks[i] ?? 0;
      const db = toDb(peak);
      if (peak >= fullScale) this.over[i] = 1;
      if (db > (this.level[i] ?? 0)) this.level[i] = db;
      if (db >= (this.hold[i] ?? 0) && db > -Infinity) {
        this.hold[i] = db;
        this.#heldAt[i] = now;
      }
    }
  }

  /** Lets time pass; true while anything that shows still moves. */
  advance(now: number): boolean {
    const elapsed = Math.max(0, now - this.#time);
    let moves = false;
    for (let i = 0; i < this.channels; i++) {
      const level = fall(this.level[i] ?? 0, elapsed);
      this.level[i] = level;
      const falling = Math.min(elapsed, Math.max(0, now - (this.#heldAt[i] ?? 0) - holdMs));
      const hold = Math.max(level, fall(this.hold[i] ?? 0, falling));
      this.hold[i] = hold;
      moves ||= hold > -Infinity;
    }
    this.#time = Math.max(this.#time, now);
    return moves;
  }

  /** Forgets holds and full-scale marks. */
  reset(): void {
    this.hold.set(this.level);
    this.over.fill(0);
  }
}

function fall(db: number, ms: number): number {
  const fallen = db - ms * fallDbPerMs;
  return fallen > floorDb ? fallen : -Infinity;
}
