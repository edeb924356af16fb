import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { buildPage } from './browser.ts';
import { pageFolder } from './stand-in/page-file.ts';

/** What the first paint needs, kB gzipped; 372 when this was written. */
const budget = 400;

beforeAll(() => buildPage(), 120_000);

/** A script and what it cannot begin without: imports that stand in it, not those it makes when something is shown. */
function withImports(script: string, seen = new Set<string>()): Set<string> {
  if (seen.has(script)) return seen;
  seen.add(script);
  const text = readFileSync(join(pageFolder, script), 'utf8');
  for (const [, from = ''] of text.matchAll(/(?:^|[;}])import(?:[^"'();]*from)?"(\.[^"]+)"/g))
    withImports(join(dirname(script), from), seen);
  return seen;
}

it('the page stays within its budget', () => {
  const gzipped = (name: string): number => gzipSync(readFileSync(join(pageFolder, name))).length;
  const files = ['main.css', ...withImports('main.js')];
  const kilobytes = files.reduce((sum, name) => sum + gzipped(name), 0) / 1024;
  console.log(`first paint: ${kilobytes.toFixed(0)} kB gzipped in ${files.length} files`);
  expect(files.length).toBeGreaterThan(2);
  expect(kilobytes).toBeLessThan(budget);
}, 60_000);
