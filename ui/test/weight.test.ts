import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { buildPage } from './browser.ts';
import { pageFolder } from './stand-in/page-file.ts';

/** What the first paint needs, kB gzipped; 327 when this was written. */
const budget = 400;

beforeAll(() => buildPage(), 120_000);

it('the page stays within its budget', () => {
  const gzipped = (name: string): number => gzipSync(readFileSync(join(pageFolder, name))).length;
  expect((gzipped('main.js') + gzipped('main.css')) / 1024).toBeLessThan(budget);
}, 60_000);
