import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { ConformanceCase } from './conformance.ts';
import { nativeRunner } from './native-runner.ts';

/** A codec in a native library. */
export interface CodecSubject {
  /** Path of the library, with its ending. */
  readonly library: string;
  /** Encoding name as in rtpmap. */
  readonly encoding: string;
}

const rules: readonly (readonly [rule: string, title: string])[] = [
  ['round-trip', 'blocks of any shape keep their bits, and nothing outside them is touched'],
  ['range', 'what is beyond full scale is clipped, and NaN is silence'],
  ['rounding', 'a sample becomes the nearest value there is'],
  ['empty', 'a block without channels or frames is left alone'],
  ['allocation', 'neither decode nor encode allocates'],
  ['stage', 'a stage keeps to its blocks, its delay and its memory, whatever comes, and gives numbers'],
  ['probe', 'probe reads what it is given and answers 0 to 100'],
];

/**
 * What every lossless codec behind the C ABI (`tutti/codec.h`) must do. Each case loads the library into a process of its
 * own, with inaccessible memory around the blocks and malloc interposed: a byte too far and an allocation are both found.
 */
export function codecConformance(subject: CodecSubject): readonly ConformanceCase[] {
  return rules.map(([rule, title]) => ({
    title: `codec ${subject.encoding}: ${title}`,
    run: async () => {
      const program = await nativeRunner();
      const { broken } = await runRule(program, subject, rule);
      if (broken !== '') throw new Error(broken);
    },
  }));
}

function runRule(program: string, subject: CodecSubject, rule: string): Promise<{ readonly broken: string }> {
  const args = ['codec', resolve(subject.library), subject.encoding, rule];
  return new Promise((done) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error === null) return done({ broken: '' });
      const said = `${stdout}${stderr}`.trim();
      const ended = error.signal
        ? `it was ended by ${error.signal}: memory outside the block was touched`
        : '';
      done({ broken: said || ended || error.message });
    });
  });
}
