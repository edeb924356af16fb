import { err, ok, type Result } from '@tutti/base';

/** Keys that are pressed together. */
export interface KeyChord {
  /** Command on a Mac, Control elsewhere. */
  readonly mod: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Command on a Mac, Windows elsewhere. */
  readonly meta: boolean;
  /** As `KeyboardEvent.key` in lower case: `d`, `7`, `f5`, `enter`, `arrowdown`. */
  readonly key: string;
}

const modifiers: Readonly<Record<string, keyof Omit<KeyChord, 'key'>>> = {
  mod: 'mod',
  ctrl: 'ctrl',
  shift: 'shift',
  alt: 'alt',
  option: 'alt',
  meta: 'meta',
  cmd: 'meta',
};
const names: Readonly<Record<string, string>> = {
  space: ' ',
  plus: '+',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
  esc: 'escape',
};
const longKey =
  /^(?:f(?:1\d|2[0-4]|[1-9])|enter|tab|escape|backspace|delete|insert|home|end|pageup|pagedown|arrow(?:up|down|left|right))$/;

/** Reads `ctrl+shift+d`. The error is one sentence. */
export function parseKeyChord(text: string): Result<KeyChord, string> {
  const parts = text.toLowerCase().split('+');
  const last = parts.pop() ?? '';
  const chord = { mod: false, ctrl: false, shift: false, alt: false, meta: false };
  for (const part of parts) {
    const modifier = modifiers[part];
    if (modifier === undefined) return err(`${part || '+'} is no modifier: mod, ctrl, shift, alt or meta`);
    if (chord[modifier]) return err(`${part} is there twice`);
    chord[modifier] = true;
  }
  const key = names[last] ?? last;
  if ([...key].length === 1 || longKey.test(key)) return ok({ ...chord, key });
  return err(`${last || 'nothing'} is no key: one character, or as enter, f5, pageup, space, plus`);
}
