// `npm run bench [-- NAME...] [--seconds N]`: measures, prints tables and puts them into their pages between their marks.
import { parseArgs } from 'node:util';
import { measuredBy, putIntoPage } from '../harness/measured-page.ts';
import { audio } from './audio.ts';
import type { Bench } from './bench.ts';
import { coreAudio } from './core-audio.ts';
import { extensions } from './extensions.ts';
import { firstSoundBench } from './first-sound.ts';

const benches: Readonly<Record<string, Bench>> = {
  audio,
  extensions,
  'core-audio': coreAudio,
  'first-sound': firstSoundBench,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(benches);
for (const name of names) {
  const bench = benches[name];
  if (bench === undefined)
    throw new Error(`no benchmark ${name}; there are ${Object.keys(benches).join(', ')}`);
  const seconds = values.seconds === undefined ? bench.seconds : Number(values.seconds);
  const lines = await bench.measure(seconds);
  const command = `npm run bench -- ${name}${values.seconds === undefined ? '' : ` --seconds ${seconds}`}`;
  const text = [measuredBy(command), '', ...lines].join('\n');
  console.log(`\n${text}`);
  putIntoPage(bench.page ?? 'docs/performance.md', `bench ${name}`, text);
}
