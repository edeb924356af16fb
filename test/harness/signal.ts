import { join } from 'node:path';
import { repository, type Lab, type Station } from './lab.ts';
import type { Program } from './process.ts';

/** What `prbs` makes and checks: a different pseudo-random sequence in every channel, or full-scale steps. */
export interface Signal {
  readonly kind: 'prbs' | 'full-scale';
  readonly channels: number;
  /** Hz. */
  readonly rate: number;
  /** Significant bits: what the wire carries, whatever the sample format. */
  readonly bits: 16 | 24;
}

/** Sample formats that `prbs` reads and writes. */
export type SampleFormat = 's16le' | 's24_3le' | 's24le' | 's32le' | 's16be' | 's24be' | 'f32le';

/** What `prbs check` says. */
export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

const tool = join(repository, 'build/tools/prbs');

/** Writes `seconds` of the signal to `output`, as fast as its reader takes it; without end if it says so. */
export function generate(
  lab: Lab,
  at: Station,
  signal: Signal,
  format: SampleFormat,
  seconds: number | 'endless',
  output: number,
): Program {
  return lab.start(
    at,
    tool,
    [
      ...['generate', '--channels', `${signal.channels}`, '--format', format, '--bits', `${signal.bits}`],
      ...(seconds === 'endless' ? [] : ['--seconds', `${seconds}`, '--rate', `${signal.rate}`]),
      ...['--signal', signal.kind],
    ],
    // At the other end of a pipe is a program that keeps time, and waits for this one.
    { stdout: output, punctual: true },
  );
}

/** Reads `input` to its end and says whether every sample in it was right, `minSeconds` at least. */
export function check(
  lab: Lab,
  at: Station,
  signal: Signal,
  format: SampleFormat,
  minSeconds: number,
  input: number | string,
): { readonly program: Program; readonly verdict: Promise<Verdict> } {
  const program = lab.start(
    at,
    tool,
    [
      ...['check', '--channels', `${signal.channels}`, '--format', format, '--bits', `${signal.bits}`],
      ...['--min-frames', `${Math.floor(minSeconds * signal.rate)}`, '--allow-tail'],
      ...['--signal', signal.kind],
    ],
    { stdin: input, punctual: typeof input === 'number' },
  );
  const verdict = program.exited.then(({ code }) => ({
    ok: code === 0,
    text: `${program.stdout}${program.stderr}`.trim(),
  }));
  return { program, verdict };
}
