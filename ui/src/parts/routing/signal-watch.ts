/** Peaks below this are digital silence: half a step of 24 bits. */
const silence = 2 ** -24;
/** A channel without a peak for this long is silent: words and bars of music have pauses. */
const silentAfterMs = 2000;

/** Which channels of one side of the device carry a signal. */
export class SignalWatch {
  readonly #heardAt: Float64Array;

  constructor(readonly channels: number) {
    this.#heardAt = new Float64Array(channels).fill(-Infinity);
  }

  /** Takes the peaks (linear) since the last time. */
  feed(peaks: Float32Array, now: number): void {
    const count = Math.min(peaks.length, this.channels);
    for (let i = 0; i < count; i++) if ((peaks[i] ?? 0) >= silence) this.#heardAt[i] = now;
  }

  /** 1 for each channel that had a signal lately. */
  at(now: number): Uint8Array {
    return Uint8Array.from(this.#heardAt, (heard) => (now - heard < silentAfterMs ? 1 : 0));
  }
}
