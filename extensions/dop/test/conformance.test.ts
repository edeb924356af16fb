import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codecConformance } from '@tutti/test';
import { describe, expect, it } from 'vitest';

const library = join(import.meta.dirname, '../dist/native/dop.so');
const timeout = 120_000;

it('has its native library built', () => {
  expect(existsSync(library), `${library} is not there: npm run build -- --native`).toBe(true);
});

describe.each(['DOP', 'DOP-PCM'])('the codec %s', (encoding) => {
  for (const { title, run } of codecConformance({ library, encoding })) it(title, run, timeout);
});
