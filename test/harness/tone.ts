import { readFileSync } from 'node:fs';
import type { Lab } from './lab.ts';

export interface Tone {
  readonly hertz: number;
  /** Peak, 1 is full scale. */
  readonly level: number;
  /** By how many decibels everything that is not the tone is weaker than it, in the worst window. */
  readonly restBelowTone: number;
}

/** Windows in a second: short enough that a receiver that follows a clock does not change its pitch within one. */
const windows = 20;

/** The one sine in channel 1 of the middle second of a sound file: fitted by least squares, window by window. */
export async function measureTone(lab: Lab, file: string, rate: number): Promise<Tone> {
  const raw = lab.file('channel.f32');
  await lab.run(lab.peer, 'sox', [file, '-t', 'f32', '-r', `${rate}`, raw, 'remix', '1']);
  const bytes = readFileSync(raw);
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
  const start = Math.floor((all.length - rate) / 2);
  if (start < 0) throw new Error(`only ${all.length} frames in ${file}`);
  const length = rate / windows;
  const found = Array.from({ length: windows }, (_, i) => {
    const samples = all.subarray(start + i * length, start + (i + 1) * length);
    const hertz = frequencyOf(samples, rate);
    return { hertz, ...fit(samples, hertz, rate) };
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / windows;
  const level = mean(found.map((each) => each.level));
  const worst = Math.max(...found.map((each) => each.rest), 1e-12);
  const hertz = mean(found.map((each) => each.hertz));
  return { hertz, level, restBelowTone: 20 * Math.log10(level / Math.SQRT2 / worst) };
}

/** Best of a fine search around what counting zero crossings gives. */
function frequencyOf(samples: Float32Array, rate: number): number {
  let crossings = 0;
  for (let i = 1; i < samples.length; ++i) {
    if ((samples[i - 1] ?? 0) < 0 && (samples[i] ?? 0) >= 0) ++crossings;
  }
  let best = (crossings * rate) / samples.length;
  for (let step = 16; step > 1e-3; step /= 2) {
    const candidates = [best - step, best, best + step];
    const rests = candidates.map((hertz) => fit(samples, hertz, rate).rest);
    best = candidates[rests.indexOf(Math.min(...rests))] ?? best;
  }
  return best;
}

/** Least squares of a cos + b sin; `rest` is the effective value of what it does not explain. */
function fit(samples: Float32Array, hertz: number, rate: number): { level: number; rest: number } {
  const omega = (2 * Math.PI * hertz) / rate;
  let [cc, cs, ss, xc, xs, xx] = [0, 0, 0, 0, 0, 0];
  samples.forEach((x, i) => {
    const [c, s] = [Math.cos(omega * i), Math.sin(omega * i)];
    cc += c * c;
    cs += c * s;
    ss += s * s;
    xc += x * c;
    xs += x * s;
    xx += x * x;
  });
  const determinant = cc * ss - cs * cs;
  const a = (xc * ss - xs * cs) / determinant;
  const b = (xs * cc - xc * cs) / determinant;
  const rest = Math.max(xx - a * xc - b * xs, 0) / samples.length;
  return { level: Math.hypot(a, b), rest: Math.sqrt(rest) };
}
