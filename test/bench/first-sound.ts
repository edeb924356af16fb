// `npm run bench -- --first-sound`: from cold start to eight channels of sound, in clicks and seconds, into docs/first-sound.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { firstSound } from '../harness/first-sound.ts';
import { Lab, repository } from '../harness/lab.ts';

const lab = new Lab();
try {
  const { gestures, times, browser, tutti } = await firstSound(lab);
  await browser.close();
  await tutti.stop();
  const table = [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- --first-sound\` on ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'} (load ${loadavg()[0]?.toFixed(1)}).`,
    '',
    `**${gestures.length} presses of the mouse:** ${gestures.map((gesture, i) => `(${i + 1}) ${gesture}`).join(', ')}.`,
    '',
    '| since `tutti serve` was started | seconds |',
    '| --- | --- |',
    ...times.map(({ what, ms }) => `| ${what} | ${(ms / 1000).toFixed(1)} |`),
  ].join('\n');
  console.log(table);
  const page = join(repository, 'docs/first-sound.md');
  const text = readFileSync(page, 'utf8');
  const marks = /(<!-- bench -->\n)[\s\S]*(\n<!-- \/bench -->)/;
  if (!marks.test(text)) throw new Error(`${page} has lost its marks`);
  writeFileSync(
    page,
    text.replace(marks, (_, start: string, end: string) => `${start}\n${table}\n${end}`),
  );
} finally {
  await lab.remove();
}
