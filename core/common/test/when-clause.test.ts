import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWhen, whenHolds } from '../src/when-clause.ts';

const context = {
  session: { state: 'announced', channels: 8, description: { name: 'Stage' }, encodings: ['L24', 'L16'] },
  readOnly: false,
  'x-y': true,
};

describe('a when clause', () => {
  it.each([
    ["session.state == 'announced'", true],
    ['session.state == "gone"', false],
    ["session.state != 'gone' && !readOnly", true],
    ['readOnly || session.channels >= 8', true],
    ['readOnly || session.channels > 8', false],
    ['!(readOnly || session.channels < 9)', false],
    ["session.description.name in ['Stage', 'Room']", true],
    ["'L16' in session.encodings", true],
    ["'DSD' in session.encodings", false],
    ['x-y', true],
    ['true && !false', true],
    ['session.channels == 8 && session.channels <= 8.5', true],
    ["!readOnly == false || session.state == 'announced'", true],
  ])('holds or not: %s', (text, expected) => {
    expect(whenHolds(text, context)).toBe(expected);
  });

  it('takes what is not there for nothing: not true, equal to nothing, in no list', () => {
    for (const text of ['nobody', 'nobody == nothing', 'nobody.at.all < 3', 'nobody in session.encodings'])
      expect(whenHolds(text, context), text).toBe(false);
    expect(whenHolds('nobody != 3', context)).toBe(true);
  });

  it('sees own properties only', () => {
    expect(whenHolds('session.constructor || session.__proto__ || toString', context)).toBe(false);
  });

  it('holds when there is none', () => {
    expect(whenHolds(undefined, {})).toBe(true);
  });

  it.each([
    ['', 0, 'it ends where a value should be'],
    ['a &&', 4, 'it ends where a value should be'],
    ['a & b', 2, '& is not understood'],
    ['a == ', 5, 'it ends where a value should be'],
    ['(a || b', 7, 'it ends where ) should be'],
    ['a b', 2, 'there is b where &&, || or the end should be'],
    ["a == 'x", 5, "' is not understood"],
    ["a in ['x' 'y']", 10, "there is 'y' where ] should be"],
    ['a =~ /x/', 2, '= is not understood'],
    ['1.2.3', 0, '1 is not understood'],
  ])('says where it is wrong: %j', (text, offset, message) => {
    expect(parseWhen(text)).toEqual({ ok: false, error: { offset, message } });
  });

  it('is bounded', () => {
    expect(parseWhen('a'.repeat(300)).ok).toBe(false);
    expect(parseWhen(`${'!'.repeat(100)}a`).ok).toBe(false);
    expect(parseWhen(`${'('.repeat(100)}a${')'.repeat(100)}`).ok).toBe(false);
  });

  it('never throws, and never misses the place, whatever is written', () => {
    const word = fc.constantFrom(
      'a',
      'a.b',
      '&&',
      '||',
      '!',
      '(',
      ')',
      '==',
      'in',
      '[',
      ']',
      ',',
      "'x'",
      '7',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          const clause = parseWhen(text);
          if (!clause.ok) {
            expect(clause.error.offset).toBeGreaterThanOrEqual(0);
            expect(clause.error.offset).toBeLessThanOrEqual(text.length);
          }
          expect(typeof whenHolds(text, context)).toBe('boolean');
        },
      ),
    );
  });
});
