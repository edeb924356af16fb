import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { repository } from './lab.ts';

/** First line of what was measured: when, by which command, on what. */
export function measuredBy(command: string): string {
  const date = new Date().toISOString().slice(0, 10);
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} GiB, Linux ${release()}, Node ${process.version}`;
  return `Measured on ${date} by \`${command}\` on ${machine}.`;
}

/** Puts a text between `<!-- MARK -->` and `<!-- /MARK -->` of a page of the repository. @throws Error if it has no such place. */
export function putIntoPage(file: string, mark: string, text: string): void {
  const page = join(repository, file);
  const place = new RegExp(`(<!-- ${mark} -->)[\\s\\S]*(<!-- /${mark} -->)`);
  const before = readFileSync(page, 'utf8');
  if (!place.test(before)) throw new Error(`${file} has no place for ${mark}`);
  writeFileSync(
    page,
    before.replace(place, (_, start: string, end: string) => `${start}\n\n${text}\n\n${end}`),
  );
}
