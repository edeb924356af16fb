import { describe, expect, it } from 'vitest';
import { localised, readAcceptLanguage } from '../../src/registries/localisation.ts';

const texts = new Map([
  ['', { a: 'one', b: 'two' }],
  ['de', { a: 'eins' }],
  ['pt-br', { a: 'um' }],
]);

describe('texts in a language', () => {
  it('replace keys anywhere, with the best language that has them', () => {
    const value = { title: '%a%', inner: [{ x: '%b%' }, 7, null], plain: '100 %a% here', other: '%c%' };
    expect(localised(value, texts, ['de-AT', 'en'])).toEqual({
      title: 'eins',
      inner: [{ x: 'two' }, 7, null],
      plain: '100 %a% here',
      other: '%c%',
    });
    expect(localised('%a%', texts, ['pt-BR'])).toBe('um');
    expect(localised('%a%', texts, [])).toBe('one');
    expect(localised('%constructor%', texts, ['de'])).toBe('%constructor%');
  });

  it('are chosen as a browser asks', () => {
    expect(readAcceptLanguage('fr;q=0.5, de-AT, en;q=0.9, *;q=0.1, xx;q=0')).toEqual(['de-AT', 'en', 'fr']);
    expect(readAcceptLanguage(undefined)).toEqual([]);
    expect(readAcceptLanguage('"><script>')).toEqual([]);
  });
});
