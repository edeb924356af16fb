import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';

/** The machine that measured. */
export const machine = (): string => `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;

/** Puts what was measured between `<!-- bench NAME -->` and its end in docs/performance.md. @throws Error if there is no such place. */
export function putIntoPerformancePage(name: string, text: string): void {
  const docs = resolve(import.meta.dirname, '../../../docs/performance.md');
  const before = readFileSync(docs, 'utf8');
  const marks = new RegExp(`(<!-- bench ${name} -->\\n)[\\s\\S]*(\\n<!-- /bench ${name} -->)`);
  if (!marks.test(before)) throw new Error(`${docs} has no place for ${name}`);
  writeFileSync(
    docs,
    before.replace(marks, (_, start: string, end: string) => `${start}\n${text}\n${end}`),
  );
}
