import { openSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import type { MeterFrame } from '@tutti/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileTelemetry } from '../../src/engine/telemetry.ts';
import { createSilentLog } from '../../src/platform/log.ts';
import { NullEngine } from '@tutti/test/null-engine';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

let folder: ReturnType<typeof temporaryFolder>;
let telemetry: FileTelemetry;
let engine: NullEngine;
let file: number;

beforeEach(() => {
  folder = temporaryFolder();
  engine = new NullEngine(join(folder.path, 'telemetry'));
  telemetry = new FileTelemetry(createSilentLog());
  telemetry.attach(engine.layout());
  file = openSync(engine.layout().path, 'r+');
});
afterEach(() => {
  telemetry.dispose();
  closeSync(file);
  folder.dispose();
});

function writeWord(offset: number, value: bigint): void {
  const word = Buffer.alloc(8);
  word.writeBigInt64LE(value);
  writeSync(file, word, 0, 8, offset);
}

function writeWindow(index: number, peaks: readonly number[]): void {
  const { offset, stride, windows, countOffset } = engine.layout().peaks;
  writeSync(
    file,
    Buffer.from(Float32Array.from(peaks).buffer),
    0,
    undefined,
    offset + (index % windows) * stride,
  );
  writeWord(countOffset, BigInt(index + 1));
}

describe('telemetry', () => {
  it('reads counters by name from the slot that the engine gave a stream, signed', () => {
    telemetry.setSlots({ problems: [], receiverSlots: { r1: 3 }, senderSlots: {} });
    const { offset, stride, fields } = engine.layout().receivers;
    writeWord(offset + 3 * stride + 8 * fields.indexOf('packets'), 12345n);
    writeWord(offset + 3 * stride + 8 * fields.indexOf('marginMinNs'), -250000n);
    expect(telemetry.receiver('r1')).toMatchObject({ packets: 12345, marginMinNs: -250000 });
    expect(telemetry.receiver('r2')).toEqual({});
  });

  it('reads the histogram of arrivals of a receiver that is in force', () => {
    telemetry.setSlots({ problems: [], receiverSlots: { r1: 2 }, senderSlots: {} });
    const { offset, stride, bins } = engine.layout().arrivals ?? { offset: 0, stride: 0, bins: 0 };
    writeWord(offset + 2 * stride + 8 * 95, 41n);
    expect(telemetry.arrivals('r1')).toHaveLength(bins);
    expect(telemetry.arrivals('r1')[95]).toBe(41);
    expect(telemetry.arrivals('r2')).toEqual([]);
  });

  it('gives the highest of all windows since the last frame', async () => {
    const frames: MeterFrame[] = [];
    const watch = telemetry.onDidMeter((frame) => frames.push(frame));
    writeWindow(0, [0.5, 0, 0, 0, 0, 0, 0, 0.25]);
    writeWindow(1, [0.125, 0.75, 0, 0, 0, 0, 0, 0]);
    await until('a frame', () => frames.some((frame) => (frame.inputs[1] ?? 0) > 0));
    watch.dispose();
    const highest = (pick: (frame: MeterFrame) => number | undefined): number =>
      Math.max(...frames.map((frame) => pick(frame) ?? 0));
    expect(highest((frame) => frame.inputs[0])).toBe(0.5);
    expect(highest((frame) => frame.inputs[1])).toBe(0.75);
    expect(highest((frame) => frame.outputs[3])).toBe(0.25);
    expect(telemetry.recentPeaks()?.inputs[1]).toBe(0.75);
  });

  it('has nothing to say without an engine', () => {
    const none = new FileTelemetry(createSilentLog());
    expect(none.engine()).toEqual({});
    expect(none.receiver('r1')).toEqual({});
    none.attach({ ...engine.layout(), path: join(folder.path, 'missing') });
    expect(none.engine()).toEqual({});
    none.dispose();
  });
});
