import { closeSync, openSync, readSync } from 'node:fs';

/** A second of a tone, fitted by least squares: amplitude, phase and a small error of the frequency. */
export interface ToneSecond {
  /** Peak, 1 is full scale. */
  readonly level: number;
  /** Of a sine at the second's middle, turns. */
  readonly phase: number;
  /** THD+N: effective value of what is not the tone against that of the tone, dB, over the whole band. */
  readonly restDb: number;
}

/** Follows one tone of about `hertz` through a file of one channel, raw little-endian floats, second by second. */
export function trackTone(file: string, hertz: number, rate: number): ToneSecond[] {
  const seconds: ToneSecond[] = [];
  const samples = new Float32Array(rate);
  const handle = openSync(file, 'r');
  try {
    while (readSync(handle, samples) === samples.byteLength) seconds.push(fitTone(samples, hertz, rate));
  } finally {
    closeSync(handle);
  }
  return seconds;
}

function fitTone(samples: Float32Array, hertz: number, rate: number): ToneSecond {
  const omega = (2 * Math.PI * hertz) / rate;
  // To first order only, the first fit sees what an error of the frequency does: 1 ppm would leave -106 dB over.
  return fitAt(samples, omega + fitAt(samples, omega).slope);
}

/** @returns also the error of the frequency that it sees, radians a sample. */
function fitAt(samples: Float32Array, omega: number): ToneSecond & { readonly slope: number } {
  const middle = (samples.length - 1) / 2;
  let [ss, sc, cc, xs, xc] = [0, 0, 0, 0, 0];
  samples.forEach((x, i) => {
    const [s, c] = [Math.sin(omega * (i - middle)), Math.cos(omega * (i - middle))];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    xs += x * s;
    xc += x * c;
  });
  const determinant = ss * cc - sc * sc;
  const a = (xs * cc - xc * sc) / determinant;
  const b = (xc * ss - xs * sc) / determinant;
  const level = Math.hypot(a, b);
  const phase = Math.atan2(b, a);
  const lever = (i: number) => level * (i - middle) * Math.cos(omega * (i - middle) + phase);
  const left = samples.map((x, i) => x - level * Math.sin(omega * (i - middle) + phase));
  let [along, length] = [0, 0];
  left.forEach((rest, i) => {
    along += rest * lever(i);
    length += lever(i) ** 2;
  });
  const slope = along / length;
  const rest = left.reduce((sum, each, i) => sum + (each - slope * lever(i)) ** 2, 0) / samples.length;
  const restDb = 10 * Math.log10(rest / (level ** 2 / 2) + 1e-30);
  return { level, phase: phase / (2 * Math.PI), restDb, slope };
}
