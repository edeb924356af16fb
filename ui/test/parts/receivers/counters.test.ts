import { describe, expect, it } from 'vitest';
import { arrivalMarginMs, faultColumns, shownFaults } from '../../../src/parts/receivers/counters.ts';
import { counterText, counterTitle, faultCount } from '../../../src/widgets/counters.ts';

describe('counters', () => {
  const refused = faultColumns.find(({ id }) => id === 'refused');

  it('add up what is refused for one reason or another', () => {
    const counters = { packets: 1, wrongPayloadType: 2, wrongSource: 3, ssrcConflicts: 4 };
    expect(refused && faultCount(counters, refused)).toBe(9);
  });

  it('are unknown, not zero, while a stream is not in force', () => {
    expect(refused && faultCount({}, refused)).toBeUndefined();
  });

  it('have a column where one always looks, and where somebody has something to say', () => {
    const shown = (...counters: readonly Record<string, number>[]) =>
      shownFaults(counters.map((each) => ({ counters: { packets: 1, ...each } }))).map(({ id }) => id);
    expect(shown()).toEqual(['lost', 'late', 'missing']);
    expect(shown({ duplicate: 7 }, { early: 1 }, {})).toEqual(['lost', 'late', 'missing', 'early']);
  });

  it('give no margin before the first packet', () => {
    expect(arrivalMarginMs({ packets: 0, marginMinNs: 0 })).toBeUndefined();
    expect(arrivalMarginMs({ packets: 5, marginMinNs: -250_000 })).toBe(-0.25);
  });

  it('have names that a person reads', () => {
    expect(counterTitle('wrongPayloadType')).toBe('Wrong payload type');
    expect(counterTitle('ssrcChanges')).toBe('SSRC changes');
    expect(counterTitle('marginMinNs')).toBe('Margin min');
    expect(counterText('marginMinNs', 1_234_567)).toBe('1.235 ms');
  });
});
