import { closeSync, openSync, readSync } from 'node:fs';
import { createToken, Emitter, type Disposable, type Event } from '@tutti/base';
import type { ApplyPlanReply, Counters, MeterFrame, TelemetryLayout, TelemetryTable } from '@tutti/common';
import type { Log } from '../platform/log.ts';

/** The engine's numbers, read from its telemetry file. Reading costs the engine nothing, and needs no answer from it. */
export interface Telemetry {
  /** Words of the engine itself, by name. Empty before an engine was connected. */
  engine(): Counters;
  /** Counters of a receiver or sender that is in force; empty otherwise. */
  receiver(id: string): Counters;
  sender(id: string): Counters;
  /** Counts of the histogram of arrivals of a receiver that is in force; empty otherwise. */
  arrivals(receiver: string): readonly number[];
  /** Peaks since the last frame, about 25 times a second while somebody listens. */
  readonly onDidMeter: Event<MeterFrame>;
  /** Peaks of the last few seconds, linear, for the doctor. */
  recentPeaks(): MeterFrame | undefined;
}

export const FileTelemetryToken = createToken<FileTelemetry>('FileTelemetry');

const meterMs = 40;
/** A peak counts as recent for this long. */
const recentMs = 3000;

export class FileTelemetry implements Telemetry, Disposable {
  readonly #log: Log;
  readonly #emitter = new Emitter<MeterFrame>();
  readonly #timer: NodeJS.Timeout;
  #file: number | undefined;
  #layout: TelemetryLayout | undefined;
  #slots: Pick<ApplyPlanReply, 'receiverSlots' | 'senderSlots'> = { receiverSlots: {}, senderSlots: {} };
  #nextWindow = 0n;
  #recent: { readonly frame: MeterFrame; readonly at: number }[] = [];

  readonly onDidMeter = this.#emitter.event;

  constructor(log: Log) {
    this.#log = log;
    this.#timer = setInterval(() => this.#meter(), meterMs);
    this.#timer.unref();
  }

  /** A new engine, a new file. */
  attach(layout: TelemetryLayout): void {
    this.#close();
    try {
      this.#file = openSync(layout.path, 'r');
      this.#layout = layout;
      this.#nextWindow = this.#finishedWindows();
    } catch (error) {
      this.#log.error('telemetry.unreadable', `${layout.path} cannot be read: ${String(error)}`);
    }
  }

  /** Which slot is whose, after a plan was applied. */
  setSlots(reply: ApplyPlanReply): void {
    this.#slots = reply;
  }

  engine(): Counters {
    const layout = this.#layout;
    return layout === undefined ? {} : this.#words(layout.engine.offset, layout.engine.fields);
  }

  receiver(id: string): Counters {
    return this.#row(this.#layout?.receivers, this.#slots.receiverSlots[id]);
  }

  sender(id: string): Counters {
    return this.#row(this.#layout?.senders, this.#slots.senderSlots[id]);
  }

  arrivals(receiver: string): readonly number[] {
    const table = this.#layout?.arrivals;
    const slot = this.#slots.receiverSlots[receiver];
    if (table === undefined || slot === undefined || slot < 0) return [];
    const bytes = this.#read(table.offset + slot * table.stride, table.bins * 8);
    return Array.from({ length: bytes === undefined ? 0 : table.bins }, (_, i) =>
      Number(bytes?.readBigInt64LE(i * 8)),
    );
  }

  recentPeaks(): MeterFrame | undefined {
    const frames = this.#recent.filter((each) => each.at > Date.now() - recentMs).map((each) => each.frame);
    const first = frames[0];
    if (first === undefined) return undefined;
    const inputs = Float32Array.from(first.inputs);
    const outputs = Float32Array.from(first.outputs);
    for (const frame of frames) {
      raise(inputs, frame.inputs);
      raise(outputs, frame.outputs);
    }
    return { inputs, outputs };
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#close();
    this.#emitter.dispose();
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#layout = undefined;
    this.#recent = [];
  }

  #row(table: TelemetryTable | undefined, slot: number | undefined): Counters {
    if (table === undefined || slot === undefined || slot < 0 || slot >= table.slots) return {};
    return this.#words(table.offset + slot * table.stride, table.fields);
  }

  #words(offset: number, fields: readonly string[]): Counters {
    const bytes = this.#read(offset, fields.length * 8);
    if (bytes === undefined) return {};
    return Object.fromEntries(fields.map((name, i) => [name, Number(bytes.readBigInt64LE(i * 8))]));
  }

  #read(offset: number, length: number): Buffer | undefined {
    if (this.#file === undefined) return undefined;
    const bytes = Buffer.alloc(length);
    return readSync(this.#file, bytes, 0, length, offset) === length ? bytes : undefined;
  }

  #finishedWindows(): bigint {
    return this.#read(this.#layout?.peaks.countOffset ?? 0, 8)?.readBigInt64LE(0) ?? 0n;
  }

  /** The highest of every window that was finished since the last call. */
  #meter(): void {
    const peaks = this.#layout?.peaks;
    if (peaks === undefined) return;
    const finished = this.#finishedWindows();
    // The writer is at window `finished`; one slot is left to it, so that a half-written window is not read.
    const oldest = finished - BigInt(Math.max(1, peaks.windows - 1));
    let window = this.#nextWindow > finished || this.#nextWindow < oldest ? oldest : this.#nextWindow;
    if (window < 0n) window = 0n;
    if (window === finished) return;
    const inputs = new Float32Array(peaks.inputs);
    const outputs = new Float32Array(peaks.outputs);
    for (; window < finished; window += 1n) {
      const slot = Number(window % BigInt(peaks.windows));
      const bytes = this.#read(peaks.offset + slot * peaks.stride, (peaks.inputs + peaks.outputs) * 4);
      if (bytes === undefined) return;
      // The engine runs on this machine, so its floats are ours as they lie there.
      const floats = new Float32Array(bytes.buffer, bytes.byteOffset, peaks.inputs + peaks.outputs);
      raise(inputs, floats.subarray(0, peaks.inputs));
      raise(outputs, floats.subarray(peaks.inputs));
    }
    this.#nextWindow = finished;
    const frame = { inputs, outputs };
    const now = Date.now();
    this.#recent = [...this.#recent.filter((each) => each.at > now - recentMs), { frame, at: now }];
    this.#emitter.fire(frame);
  }
}

function raise(to: Float32Array, from: Float32Array): void {
  from.forEach((peak, i) => {
    if (peak > (to[i] ?? 0)) to[i] = peak;
  });
}
