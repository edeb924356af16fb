import { describe, expect, it } from 'vitest';
import { decodeMeterFrame, encodeMeterFrame } from '../src/meter-frame.ts';

describe('a frame of meters', () => {
  const inputs = Float32Array.from({ length: 10 }, (_, i) => i / 10);
  const outputs = Float32Array.of(0.25, 1);

  it('is read as it was written', () => {
    const frame = decodeMeterFrame(encodeMeterFrame({ inputs, outputs }).buffer);
    expect(frame).toEqual({ inputs, outputs, dsdInputs: new Set(), dsdOutputs: new Set() });
  });

  it('says which channels carry DSD, and tells no level of them', () => {
    const dsd = { dsdInputs: new Set([1, 9]), dsdOutputs: new Set([0]) };
    const frame = decodeMeterFrame(encodeMeterFrame({ inputs, outputs, ...dsd }).buffer);
    expect(frame).toMatchObject(dsd);
    expect(frame?.inputs[9]).toBe(0);
    expect(frame?.inputs[8]).toBeCloseTo(0.8);
    expect([...(frame?.outputs ?? [])]).toEqual([0, 1]);
  });

  it('of another length is refused', () => {
    const bytes = encodeMeterFrame({ inputs, outputs });
    expect(decodeMeterFrame(bytes.slice(0, -1).buffer)).toBeUndefined();
    expect(decodeMeterFrame(new ArrayBuffer(4))).toBeUndefined();
  });
});
