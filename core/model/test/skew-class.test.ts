import { expect, it } from 'vitest';
import { skewClass, skewText } from '../src/skew-class.ts';

it.each([
  [0, 'D'],
  [150_000, 'D'],
  [150_001, 'A'],
  [-10_000_000, 'A'],
  [10_000_001, 'B'],
  [-450_000_000, 'C'],
  [451_000_000, undefined],
])('a path difference of %i ns needs class %s of ST 2022-7', (skew, needed) => {
  expect(skewClass(skew)).toBe(needed);
});

it('a path difference is said with the leg that is later', () => {
  expect(skewText(3_200_000)).toBe('second leg up to 3.20 ms later (class A)');
  expect(skewText(-500_000_000)).toBe('first leg up to 500.00 ms later (beyond class C)');
});
