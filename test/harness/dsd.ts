import { readFileSync, writeFileSync } from 'node:fs';

/** DSD bytes of one channel, the oldest bit in the highest place. */
export type DsdBytes = Uint8Array<ArrayBuffer>;

/** A tone as DSD, by a modulator of second order. @param level of the tone, 1 for full modulation */
export function dsdTone(hz: number, level: number, bitRate: number, bytes: number): DsdBytes {
  const out = new Uint8Array(bytes);
  let [first, second] = [0, 0];
  for (let i = 0; i < bytes * 8; i += 1) {
    const wanted = level * Math.sin((2 * Math.PI * hz * i) / bitRate) + 2 * first - second;
    const bit = wanted >= 0 ? 1 : 0;
    // The bits' error comes out as its second difference: wanted = input + 2 e[n-1] - e[n-2].
    [second, first] = [first, wanted - (bit === 1 ? 1 : -1)];
    out[i >> 3] = (out[i >> 3] ?? 0) | (bit << (7 - (i & 7)));
  }
  return out;
}

/** Bits that look like noise, the same every time. */
export function dsdNoise(bytes: number): DsdBytes {
  let state = 12345;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

const block = 4096;

/** A DSF file of whole blocks. */
export function writeDsf(path: string, bitRate: number, channels: readonly DsdBytes[]): void {
  const bytes = channels[0]?.length ?? 0;
  if (bytes % block !== 0) throw new Error('a DSF file has whole blocks');
  const head = Buffer.alloc(92);
  head.write('DSD ', 0);
  head.writeBigUInt64LE(28n, 4);
  head.writeBigUInt64LE(BigInt(92 + bytes * channels.length), 12);
  head.write('fmt ', 28);
  head.writeBigUInt64LE(52n, 32);
  [1, 0, channels.length, channels.length, bitRate, 1].forEach((value, i) =>
    head.writeUInt32LE(value, 40 + 4 * i),
  );
  head.writeBigUInt64LE(BigInt(bytes * 8), 64);
  head.writeUInt32LE(block, 72);
  head.write('data', 80);
  head.writeBigUInt64LE(BigInt(12 + bytes * channels.length), 84);
  const reversed = Uint8Array.from({ length: 256 }, (_, byte) =>
    Array.from({ length: 8 }, (__, bit) => ((byte >> bit) & 1) << (7 - bit)).reduce((a, b) => a | b),
  );
  const parts = [head];
  for (let at = 0; at < bytes; at += block)
    for (const channel of channels)
      parts.push(Buffer.from(channel.subarray(at, at + block).map((byte) => reversed[byte] ?? 0)));
  writeFileSync(path, Buffer.concat(parts));
}

/** Words of 24 bits, interleaved. */
export interface Words {
  readonly channels: number;
  readonly frames: number;
  at(frame: number, channel: number): number;
}

/** What a stream of the file must be, by DoP Open Standard 1.1; in pairs a channel's words lie in two channels. */
export function dopOf(channels: readonly DsdBytes[], pairs: boolean): Words {
  const perFrame = pairs ? 2 : 1;
  const markers = pairs ? [0x06, 0xf9] : [0x05, 0xfa];
  return {
    channels: channels.length * perFrame,
    frames: (channels[0]?.length ?? 0) / (2 * perFrame),
    at(frame, channel) {
      const bytes = channels[Math.floor(channel / perFrame)] ?? new Uint8Array();
      const from = 2 * (frame * perFrame + (channel % perFrame));
      return ((markers[frame % 2] ?? 0) << 16) | ((bytes[from] ?? 0) << 8) | (bytes[from + 1] ?? 0);
    },
  };
}

/** Reads a recording of 24 bits. */
export function readWav24(path: string): Words {
  const file = readFileSync(path);
  const channels = file.readUInt16LE(file.indexOf('fmt ') + 10);
  const data = file.indexOf('data', file.indexOf('fmt ')) + 8;
  const stride = 3 * channels;
  return {
    channels,
    frames: Math.floor((file.length - data) / stride),
    at: (frame, channel) => file.readUIntLE(data + frame * stride + 3 * channel, 3),
  };
}

export interface DopHeard {
  /** Frames of the file whose bits came. */
  readonly exact: number;
  /** Frames in their place, or after them, that are silence of DSD. */
  readonly idle: number;
  /** Anything else after the first of them: zeros, wrong bits, a marker that is not the other one than before. */
  readonly wrong: number;
  /** Frames of the file that did not come. */
  readonly missing: number;
  /** The markers are the file's; otherwise each is the other one, since the silence before was at that. */
  readonly sameMarkers: boolean;
}

const idleBits = 0x6969;

/** Compares the first channels of a recording with what was played. The recording begins with zeros, or silence of DSD. */
export function hearDop(heard: Words, played: Words): DopHeard {
  const channels = [...Array(played.channels).keys()];
  const isBits = (frame: number, bits: (channel: number) => number): boolean =>
    channels.every((c) => (heard.at(frame, c) & 0xffff) === bits(c));
  const isPlayed = (frame: number, at: number): boolean =>
    at >= 0 && at < played.frames && isBits(frame, (c) => played.at(at, c) & 0xffff);
  const isIdle = (frame: number): boolean => isBits(frame, () => idleBits);
  let start = 0;
  while (start < heard.frames && (isBits(start, () => 0) || isIdle(start))) start += 1;
  // Where the markers go on otherwise than the file's, its first frames are silence while DSD is found anew.
  let first = 0;
  while (first < 64 && ![0, 1, 2, 3].every((i) => isPlayed(start + i, first + i))) first += 1;
  const marker = (frame: number): number => heard.at(frame, 0) >> 16;
  let [exact, idle, wrong] = [0, 0, 0];
  for (let frame = start; frame < heard.frames; frame += 1) {
    const expected = marker(start) ^ ((frame - start) % 2 === 0 ? 0 : 0xff);
    if (!channels.every((c) => heard.at(frame, c) >> 16 === expected)) wrong += 1;
    else if (isPlayed(frame, first + frame - start)) exact += 1;
    else if (isIdle(frame)) idle += 1;
    else wrong += 1;
  }
  const sameMarkers = marker(start) === played.at(first, 0) >> 16;
  return { exact, idle, wrong, missing: played.frames - exact, sameMarkers };
}

/** Amplitude of a tone in a channel of PCM, 1 for full scale, over whole periods of a second from `from` on. */
export function toneLevel(heard: Words, channel: number, hz: number, rate: number, from: number): number {
  let [re, im] = [0, 0];
  for (let i = 0; i < rate; i += 1) {
    const word = heard.at(from + i, channel);
    const sample = (word >= 0x800000 ? word - 0x1000000 : word) / 0x800000;
    const angle = (2 * Math.PI * hz * i) / rate;
    re += sample * Math.cos(angle);
    im += sample * Math.sin(angle);
  }
  return (2 * Math.hypot(re, im)) / rate;
}
