import { expect, it } from 'vitest';
import { dsdName } from '../src/dsd.ts';

it.each([
  [2_822_400, 'DSD64'],
  [3_072_000, 'DSD64'],
  [5_644_800, 'DSD128'],
  [12_288_000, 'DSD256'],
])('%i bits a second are %s', (rate, name) => {
  expect(dsdName(rate)).toBe(name);
});
