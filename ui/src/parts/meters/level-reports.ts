import type { MeterFrame } from '@tutti/common';
import type { ShownLevels } from './ballistics.ts';
import type { LevelReport, ReportedSide } from './level-messages.ts';
import type { Side } from './side-words.ts';

/** Tells the page of levels, as often as it wants to know. */
export class LevelReports {
  readonly #levels: (side: Side) => ShownLevels;
  readonly #post: (report: LevelReport) => void;
  readonly #peaks: Record<Side, Float32Array> = { input: new Float32Array(0), output: new Float32Array(0) };
  #interval: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param levels as they are shown now. */
  constructor(levels: (side: Side) => ShownLevels, post: (report: LevelReport) => void) {
    this.#levels = levels;
    this.#post = post;
  }

  /** ms; undefined: none. */
  set interval(interval: number | undefined) {
    if (interval === this.#interval) return;
    this.#interval = interval;
    clearInterval(this.#timer);
    if (interval !== undefined) this.#timer = setInterval(() => this.report(), interval);
  }

  /** Takes the peaks (linear) since the last frame. */
  feed({ inputs, outputs }: MeterFrame): void {
    this.#peaks.input = highest(this.#peaks.input, inputs);
    this.#peaks.output = highest(this.#peaks.output, outputs);
  }

  report(): void {
    this.#post({ input: this.#side('input'), output: this.#side('output') });
    for (const peaks of Object.values(this.#peaks)) peaks.fill(0);
  }

  #side(side: Side): ReportedSide {
    const { level, hold, over } = this.#levels(side);
    return { level, hold, over, peaks: this.#peaks[side] };
  }
}

function highest(before: Float32Array, peaks: Float32Array): Float32Array {
  return before.length === peaks.length
    ? peaks.map((peak, i) => Math.max(peak, before[i] ?? 0))
    : peaks.slice();
}
