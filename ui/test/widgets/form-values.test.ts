import { describe, expect, it } from 'vitest';
import { enteredNumber, readNumber } from '../../src/widgets/form-values.ts';

describe('a number that a person writes', () => {
  it.each([
    ['2.5', 2.5],
    [' 2,5 ', 2.5],
    ['10', 10],
    ['-0,25', -0.25],
    ['1,000.5', NaN],
    ['Infinity', NaN],
    ['soon', NaN],
    ['', NaN],
  ])('%j is %d', (text, number) => expect(readNumber(text)).toBe(number));

  it('is nothing where nothing was entered, and never left out when something was', () => {
    const form = new FormData();
    form.set('empty', ' ');
    form.set('wrong', 'soon');
    expect(enteredNumber(form, 'empty')).toBeUndefined();
    expect(enteredNumber(form, 'wrong')).toBeNaN();
  });
});
