import type { Command, Registries, Target } from './registry.ts';
import { Store } from './store.ts';
import { isRecord, readStored, writeStored } from './stored.ts';

/** What a person chose instead of a command's own keys; empty: none. By id of the command. */
export type KeyChoices = Readonly<Record<string, string>>;

const key = 'tutti.keybindings';
export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
/** Held down with another key; alone they are nothing. */
const modifiers = new Set(['Control', 'Shift', 'Alt', 'Meta']);

export interface KeyEvent {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** `Ctrl+Shift+P` as pressed; undefined while only modifiers are down. `Ctrl` is the command key on a Mac. */
export function chordOf(event: KeyEvent, mac = isMac): string | undefined {
  if (modifiers.has(event.key) || event.key === 'Dead' || event.key === 'Unidentified') return undefined;
  const name = event.key === ' ' ? 'Space' : event.key === '+' ? 'Plus' : event.key;
  const parts = [
    ...((mac ? event.metaKey : event.ctrlKey) ? ['Ctrl'] : []),
    ...((mac ? event.ctrlKey : event.metaKey) ? ['Meta'] : []),
    ...(event.altKey ? ['Alt'] : []),
    // A sign that needs Shift to be typed says so itself.
    ...(event.shiftKey && (name.length > 1 || /[a-z0-9]/i.test(name)) ? ['Shift'] : []),
    name.length === 1 ? name.toUpperCase() : name,
  ];
  return parts.join('+');
}

/** The same chord, however it was written: `shift+ctrl+p` is `Ctrl+Shift+P`. */
export function normalizeChord(text: string): string {
  const parts = text.split('+').map((part) => part.trim());
  const last = parts.pop() ?? '';
  const order = ['Ctrl', 'Meta', 'Alt', 'Shift'];
  const held = order.filter((name) => parts.some((part) => part.toLowerCase() === name.toLowerCase()));
  return [...held, last.length === 1 ? last.toUpperCase() : last].join('+');
}

export function readKeyChoices(value: unknown): KeyChoices | undefined {
  if (!isRecord(value)) return undefined;
  const pairs = Object.entries(value).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1].length < 64,
  );
  return Object.fromEntries(pairs.slice(0, 500));
}

/** What a chord would run. */
export interface BoundCommand {
  readonly command: Command;
  readonly target: Target;
}

const nothing: Target = {};

/** Which keys run which command. */
export class Keybindings {
  readonly choices = new Store<KeyChoices>(readStored(key, readKeyChoices) ?? {});
  readonly #registries: Pick<Registries, 'commands' | 'keys'>;

  constructor(registries: Pick<Registries, 'commands' | 'keys'>) {
    this.#registries = registries;
    this.choices.onDidChange((choices) => writeStored(key, choices));
  }

  /** Keys of a command, or undefined if it has none. */
  of({ id, keybinding }: Pick<Command, 'id' | 'keybinding'>): string | undefined {
    const chosen = this.choices.get()[id] ?? keybinding ?? this.#entriesOf(id)[0]?.keybinding;
    return chosen === undefined || chosen === '' ? undefined : normalizeChord(chosen);
  }

  /** Commands that a chord would run: the first that may does, more than one is a conflict. */
  commandsFor(chord: string): readonly BoundCommand[] {
    return this.#registries.commands.entries().flatMap(([id, command]): BoundCommand[] => {
      if (this.choices.get()[id] !== undefined || command.keybinding !== undefined)
        return this.of(command) === chord ? [{ command, target: nothing }] : [];
      return this.#entriesOf(id)
        .filter(({ keybinding, isActive }) => normalizeChord(keybinding) === chord && isActive?.() !== false)
        .map(({ target = nothing }) => ({ command, target }));
    });
  }

  #entriesOf(command: string) {
    return this.#registries.keys
      .entries()
      .map(([, entry]) => entry)
      .filter((entry) => entry.command === command);
  }

  /** Undefined: the command's own keys again. */
  choose(id: string, chord: string | undefined): void {
    const others = Object.entries(this.choices.get()).filter(([command]) => command !== id);
    this.choices.set(Object.fromEntries(chord === undefined ? others : [...others, [id, chord]]));
  }
}
