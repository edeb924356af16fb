import { describe, expect, it } from 'vitest';
import { parseKeyChord } from '../src/key-chord.ts';

const none = { mod: false, ctrl: false, shift: false, alt: false, meta: false };

describe('keys that are pressed together', () => {
  it.each([
    ['Ctrl+Shift+D', { ...none, ctrl: true, shift: true, key: 'd' }],
    ['mod+plus', { ...none, mod: true, key: '+' }],
    ['cmd+option+down', { ...none, meta: true, alt: true, key: 'arrowdown' }],
    ['f5', { ...none, key: 'f5' }],
    ['alt+ä', { ...none, alt: true, key: 'ä' }],
    ['space', { ...none, key: ' ' }],
  ])('are read: %s', (text, value) => {
    expect(parseKeyChord(text)).toEqual({ ok: true, value });
  });

  it.each(['', 'ctrl+', '+', 'hyper+d', 'ctrl+ctrl+d', 'f25', 'return'])('are refused: %j', (text) => {
    expect(parseKeyChord(text).ok).toBe(false);
  });
});
