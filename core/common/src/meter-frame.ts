/** First byte of a binary frame that carries meters. */
export const meterFrameType = 1;

export interface MeterFrame {
  readonly inputs: Float32Array;
  readonly outputs: Float32Array;
  /** Channels, from 0, that carry words of DSD: they have no level, and none is told (0). */
  readonly dsdInputs?: ReadonlySet<number>;
  readonly dsdOutputs?: ReadonlySet<number>;
}

/**
 * Binary layout, little-endian: u8 type, u8 0, u16 inputs, u16 outputs, u16 0, then float32 peaks (linear, 1.0 full
 * scale) since the last frame: inputs, then outputs. Then a bit for each channel, least significant first, whole bytes for
 * each side: 1 if it carries words of DSD. About 25 frames a second.
 */
export function encodeMeterFrame(frame: MeterFrame): Uint8Array<ArrayBuffer> {
  const { inputs, outputs, dsdInputs, dsdOutputs } = frame;
  const bitsAt = 8 + 4 * (inputs.length + outputs.length);
  const bytes = new Uint8Array(bitsAt + bytesOf(inputs.length) + bytesOf(outputs.length));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, meterFrameType);
  view.setUint16(2, inputs.length, true);
  view.setUint16(4, outputs.length, true);
  const put = (peaks: Float32Array, dsd: ReadonlySet<number> | undefined, at: number, bits: number): void => {
    peaks.forEach((peak, i) => {
      const isDsd = dsd?.has(i) === true;
      view.setFloat32(at + 4 * i, isDsd ? 0 : peak, true);
      if (isDsd) bytes[bits + (i >> 3)] = (bytes[bits + (i >> 3)] ?? 0) | (1 << (i & 7));
    });
  };
  put(inputs, dsdInputs, 8, bitsAt);
  put(outputs, dsdOutputs, 8 + 4 * inputs.length, bitsAt + bytesOf(inputs.length));
  return bytes;
}

/** Reads what {@link encodeMeterFrame} wrote; undefined if it is anything else. */
export function decodeMeterFrame(bytes: ArrayBuffer): MeterFrame | undefined {
  if (bytes.byteLength < 8) return undefined;
  const view = new DataView(bytes);
  const inputs = view.getUint16(2, true);
  const outputs = view.getUint16(4, true);
  const bitsAt = 8 + 4 * (inputs + outputs);
  const end = bitsAt + bytesOf(inputs) + bytesOf(outputs);
  if (view.getUint8(0) !== meterFrameType || bytes.byteLength !== end) return undefined;
  // Plain loops: this is read 25 times a second, by pages too.
  const set = (count: number, at: number): ReadonlySet<number> => {
    const found = new Set<number>();
    for (let i = 0; i < count; i++) if ((view.getUint8(at + (i >> 3)) >> (i & 7)) & 1) found.add(i);
    return found;
  };
  const peaks = (count: number, at: number): Float32Array => {
    const read = new Float32Array(count);
    for (let i = 0; i < count; i++) read[i] = view.getFloat32(at + 4 * i, true);
    return read;
  };
  return {
    inputs: peaks(inputs, 8),
    outputs: peaks(outputs, 8 + 4 * inputs),
    dsdInputs: set(inputs, bitsAt),
    dsdOutputs: set(outputs, bitsAt + bytesOf(inputs)),
  };
}

const bytesOf = (channels: number): number => Math.ceil(channels / 8);
