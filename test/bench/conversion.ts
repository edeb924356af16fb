import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../harness/lab.ts';

export interface Conversion {
  readonly name: string;
  /** Samples a second. */
  readonly speed: number;
  /** Samples a second that memcpy moves as floats in the same place and in the same run. */
  readonly memcpy: number;
}

interface Report {
  readonly benchmarks: readonly { readonly name: string; readonly items_per_second: number }[];
}

const shapes = ['8_in_128', '64_in_128'];

/** Runs the codec's own benchmark; the first kernel it names is the one that this processor uses. */
export function measureConversion(): Conversion[] {
  const program = join(repository, 'build/bench/codec_bench');
  const filter = `/(${shapes.join('|')})$`;
  const text = execFileSync(program, [`--benchmark_filter=${filter}`, '--benchmark_format=json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { benchmarks } = JSON.parse(text) as Report;
  const speed = (start: string, shape: string) => {
    const found = benchmarks.find(({ name }) => name.startsWith(start) && name.endsWith(`/${shape}`));
    if (!found) throw new Error(`codec_bench has no ${start} for ${shape}`);
    return { kernel: found.name.split('/').at(-2) ?? '', itemsPerSecond: found.items_per_second };
  };
  return shapes.flatMap((shape) =>
    (['decode_L16', 'decode_L24', 'encode_L16', 'encode_L24'] as const).map((what) => {
      const { kernel, itemsPerSecond } = speed(what, shape);
      const copy = what.startsWith('decode') ? 'memcpy_to_ring' : 'memcpy_from_ring';
      const [verb = '', format = ''] = what.split('_');
      return {
        name: `${verb} ${format}, ${shape.replace('_in_', ' channels of ')} (${kernel})`,
        speed: itemsPerSecond,
        memcpy: speed(copy, shape).itemsPerSecond,
      };
    }),
  );
}
