import { pairwise, type Row } from './pairwise.ts';
import type { DeviceFormat } from './alsa.ts';
import type { Signal } from './signal.ts';
import { framesOf, maxPayload, payloadBytes, type Stream } from './stream.ts';

const dimensions = {
  rate: [44_100, 48_000, 96_000, 192_000],
  encoding: ['L16', 'L24'],
  channels: [1, 2, 8, 64],
  packetMs: [0.125, 1, 4],
  peer: ['GStreamer', 'ffmpeg'],
  signal: ['prbs', 'full-scale'],
} as const;

export const matrixRates = dimensions.rate;

/** One stream of the matrix: what is sent, how, and by or to whom. */
export interface MatrixCase {
  readonly name: string;
  readonly peer: 'GStreamer' | 'ffmpeg';
  readonly stream: Stream;
  readonly signal: Signal;
  /** First device channel of its own, from 1. */
  readonly first: number;
  readonly packetMs: number;
  /** Sample format of the ALSA program: every format of the device has its turn. */
  readonly format: DeviceFormat;
}

const rows = pairwise(
  dimensions,
  (row) => payloadBytes({ ...row, frames: framesOf(row.rate, row.packetMs) }) <= maxPayload,
);

/**
 * The streams of one rate. Over all rates every two values of different dimensions meet at least once, as far as they fit into
 * {@link maxPayload} together: 15 streams instead of the 224 that would fit.
 */
export function matrixCases(rate: number, network: string): MatrixCase[] {
  const cases: MatrixCase[] = [];
  for (const row of rows.filter((each) => each.rate === rate)) {
    const last = cases.at(-1);
    cases.push(makeCase(row, cases.length, last ? last.first + last.stream.channels : 1, network));
  }
  return cases;
}

function makeCase(row: Row<typeof dimensions>, index: number, first: number, network: string): MatrixCase {
  const { rate, encoding, channels, packetMs, peer } = row;
  const stream: Stream = {
    ...{ encoding, rate, channels, frames: framesOf(rate, packetMs) },
    // A port of its own: GStreamer's socket takes whatever comes to its port for any group that the machine has joined.
    ...{ address: `${network}.${index + 1}`, port: 5004 + 2 * index, payloadType: 98 },
  };
  const bits = encoding === 'L16' ? 16 : 24;
  const formats: DeviceFormat[] = bits === 16 ? ['s16le', 's32le'] : ['s24_3le', 's24le', 's32le', 'f32le'];
  return {
    name: `${encoding}, ${channels} ${channels === 1 ? 'channel' : 'channels'}, ${packetMs} ms, ${row.signal}, ${peer}`,
    signal: { kind: row.signal, channels, rate, bits },
    format: formats[(index + rate / 100) % formats.length] ?? 's32le',
    ...{ peer, stream, first, packetMs },
  };
}

/**
 * Cases in groups that one device and two processor cores carry at once: three, of which one at most sends 8000 packets a second. Two
 * such GStreamers leave the command line so little of a processor that a test lasts longer than its signal.
 */
export function batches(cases: readonly MatrixCase[]): MatrixCase[][] {
  const groups: MatrixCase[][] = [];
  for (const each of cases) {
    const group = groups.find((some) => some.length < 3 && !(isQuick(each) && some.some(isQuick)));
    if (group) group.push(each);
    else groups.push([each]);
  }
  return groups;
}

function isQuick({ packetMs }: MatrixCase): boolean {
  return packetMs < 1;
}
