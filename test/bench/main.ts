// `npm run bench [-- NAME...] [--seconds N]`: measures, prints tables and puts them into docs/performance.md between their marks.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../harness/lab.ts';
import { audio } from './audio.ts';
import type { Bench } from './bench.ts';
import { extensions } from './extensions.ts';

const benches: Readonly<Record<string, Bench>> = { audio, extensions };

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
  const date = new Date().toISOString().slice(0, 10);
  const text = [`Measured on ${date} by \`${command}\` on ${machine()}.`, '', ...lines].join('\n');
  console.log(`\n${text}`);
  insert(name, text);
}

function insert(name: string, text: string): void {
  const page = join(repository, 'docs/performance.md');
  const marks = new RegExp(`(<!-- bench ${name} -->\n)[\\s\\S]*(\n<!-- /bench ${name} -->)`);
  const before = readFileSync(page, 'utf8');
  if (!marks.test(before)) throw new Error(`${page} has no place for ${name}`);
  writeFileSync(
    page,
    before.replace(marks, (_, start: string, end: string) => `${start}\n${text}\n${end}`),
  );
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} GiB, Linux ${release()}, Node ${process.version}`;
}
