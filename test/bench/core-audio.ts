import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../harness/lab.ts';
import type { Bench } from './bench.ts';

/** What `audio_server bench` says of one rate: CPU seconds a second of audio, both directions. */
interface IoCost {
  /** Hz. */
  readonly rate: number;
  /** Each way. */
  readonly channels: number;
  /** Of an IO cycle. */
  readonly frames: number;
  readonly driver: number;
  /** The same bytes moved by memcpy, in the same rings and the same run. */
  readonly memcpy: number;
}

/** The Core Audio driver in the stand-in for coreaudiod, on a clock of the benchmark's own: as fast as it goes. */
export const coreAudio: Bench = {
  seconds: 60,
  measure(seconds) {
    const program = join(repository, 'build/tools/audio_server');
    const costs = execFileSync(program, ['bench', '--seconds', `${seconds}`], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as IoCost);
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
    return Promise.resolve([
      `The Core Audio driver's IO, ${seconds} s of audio at each rate, as a share of one core, beside \`memcpy\` of the same bytes from and to`,
      'the same rings in the same run. On Linux: the code is the driver’s, the machine is no Mac.',
      '',
      '| load | driver | memcpy | driver / memcpy |',
      '| --- | --- | --- | --- |',
      ...costs.map(({ rate, channels, frames, driver, memcpy }) => {
        const load = `${rate / 1000} kHz, ${channels} channels each way, ${frames} frames a cycle`;
        return `| ${load} | ${percent(driver)} | ${percent(memcpy)} | ${(driver / memcpy).toFixed(2)} |`;
      }),
    ]);
  },
};
