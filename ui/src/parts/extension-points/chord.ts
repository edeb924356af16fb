import { parseKeyChord } from '@tutti/common';
import { isMac } from '../../workbench/keybindings.ts';

/** As `KeyboardEvent.key` writes what an extension's manifest has in lower case. */
const longNames: Readonly<Record<string, string>> = {
  ...{ enter: 'Enter', tab: 'Tab', escape: 'Escape', backspace: 'Backspace', delete: 'Delete' },
  ...{ insert: 'Insert', home: 'Home', end: 'End', pageup: 'PageUp', pagedown: 'PageDown' },
  ...{ arrowup: 'ArrowUp', arrowdown: 'ArrowDown', arrowleft: 'ArrowLeft', arrowright: 'ArrowRight' },
  ...{ ' ': 'Space', '+': 'Plus' },
};

/** `mod+shift+d` of a manifest as the workbench writes it: `Ctrl+Shift+D`. Undefined if it is no chord. */
export function chordOfExtension(key: string, macKey?: string, mac = isMac): string | undefined {
  const read = parseKeyChord(mac ? (macKey ?? key) : key);
  if (!read.ok) return undefined;
  const chord = read.value;
  // On a Mac the workbench writes Ctrl for the command key and Meta for the control key.
  const [ctrl, meta] = mac ? [chord.meta, chord.ctrl] : [chord.ctrl, chord.meta];
  const name = longNames[chord.key] ?? chord.key.toUpperCase();
  return [
    ...(ctrl || chord.mod ? ['Ctrl'] : []),
    ...(meta ? ['Meta'] : []),
    ...(chord.alt ? ['Alt'] : []),
    ...(chord.shift ? ['Shift'] : []),
    name,
  ].join('+');
}
