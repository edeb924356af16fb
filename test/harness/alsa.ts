import type { Program } from './process.ts';
import type { SampleFormat } from './signal.ts';
import type { Tutti } from './tutti.ts';

/** Channels of the device as an ALSA program sees them. */
export interface AlsaChannels {
  /** First channel of the device, from 1. */
  readonly first: number;
  readonly channels: number;
}

/** ALSA's names of the sample formats that the device takes. */
export type DeviceFormat = Extract<SampleFormat, 's16le' | 's24_3le' | 's24le' | 's32le' | 'f32le'>;

const alsaNames: Readonly<Record<DeviceFormat, string>> = {
  s16le: 'S16_LE',
  s24_3le: 'S24_3LE',
  s24le: 'S24_LE',
  s32le: 'S32_LE',
  f32le: 'FLOAT_LE',
};

/** Name of the PCM whose channel 1 is channel `first` of the device; how many channels is left to the application. */
export function pcm(first: number): string {
  return `tutti:0,${first}`;
}

/** `arecord`: device inputs into `output`, raw, for so many seconds or until it is stopped. */
export async function record(
  tutti: Tutti,
  place: AlsaChannels,
  format: DeviceFormat,
  rate: number,
  output: number,
  seconds?: number,
): Promise<Program> {
  return run(tutti, 'arecord', place, format, rate, seconds, { stdout: output });
}

/** `aplay`: what comes in on `input`, raw, into device outputs. */
export async function play(
  tutti: Tutti,
  place: AlsaChannels,
  format: DeviceFormat,
  rate: number,
  input: number,
): Promise<Program> {
  return run(tutti, 'aplay', place, format, rate, undefined, { stdin: input });
}

async function run(
  tutti: Tutti,
  command: 'aplay' | 'arecord',
  { first, channels }: AlsaChannels,
  format: DeviceFormat,
  rate: number,
  seconds: number | undefined,
  ends: { readonly stdin?: number; readonly stdout?: number },
): Promise<Program> {
  const env = await tutti.alsaEnvironment();
  return tutti.lab.start(
    tutti.at,
    command,
    [
      ...['-q', '-D', pcm(first), '-t', 'raw', '-f', alsaNames[format]],
      ...['-r', `${rate}`, '-c', `${channels}`],
      ...(seconds === undefined ? [] : ['-s', `${Math.round(seconds * rate)}`]),
    ],
    { ...ends, env, punctual: true },
  );
}
