import { afterEach, describe, expect, it } from 'vitest';
import { localize, localizeCount, setMessages } from '../../src/localize/localize.ts';

afterEach(() => setMessages({}));

describe('localising a text', () => {
  it('puts values in their places and keeps braces that no value is for', () => {
    expect(localize('k', '{1} of {0} and {2}', 128, 3)).toBe('3 of 128 and {2}');
  });

  it('never reads a value as a pattern', () => {
    expect(localize('k', '{0} {1}', '{1}', '$&')).toBe('{1} $&');
  });

  it('takes the message of the language, and English where there is none', () => {
    setMessages({ 'part.open': '{0} öffnen' });
    expect(localize('part.open', 'Open {0}', 'A')).toBe('A öffnen');
    expect(localize('part.close', 'Close {0}', 'A')).toBe('Close A');
  });

  it('counts', () => {
    expect([0, 1, 2].map((count) => localizeCount('k', count, '{0} stream', '{0} streams'))).toEqual([
      '0 streams',
      '1 stream',
      '2 streams',
    ]);
  });

  it('marks every text, but no value, in the pseudo language', () => {
    setMessages({}, true);
    expect(localize('k', 'Remove {0}', 'Stage')).toBe('⟦Rémóvé Stage⟧');
  });
});
