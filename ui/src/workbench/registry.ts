import type { ComponentType } from 'react';
import { DisposableStore, type Disposable } from '@tutti/base';
import type { MenuPlace } from '@tutti/api';
import {
  Registry,
  type ClockInfo,
  type DeviceInfo,
  type ExtensionInfo,
  type ReceiverInfo,
  type SenderInfo,
  type SessionInfo,
} from '@tutti/common';

interface PartBase {
  /** Unique among the parts of its location. */
  readonly id: string;
  /** Localised. */
  readonly title: string;
  /** A codicon, without `codicon-`. */
  readonly icon: string;
  /** Lower comes first; 100 if absent. */
  readonly order?: number;
}

/** What an editor is opened with; the same editor with another input is another tab. */
export interface EditorProps {
  readonly input?: string | undefined;
}

export type Part =
  | (PartBase & {
      /** An item of the activity bar. Choosing it shows its side bar, and opens its editor. */
      readonly location: 'activity';
      /** Id of an `editor` part. */
      readonly editor: string;
    })
  | (PartBase & {
      /** A section of the side bar, which folds. */
      readonly location: 'sideBar';
      /** Id of the `activity` that it is shown with. */
      readonly activity: string;
      readonly component: ComponentType;
    })
  | (PartBase & {
      /** A tab of the editor area; {@link Workbench.openEditor} opens it. */
      readonly location: 'editor';
      readonly component: ComponentType<EditorProps>;
    })
  | (PartBase & {
      /** A tab of the panel below the editors. */
      readonly location: 'panel';
      readonly component: ComponentType;
      /** A hook: the number beside its title, for what wants attention; 0 shows none. */
      readonly useCount?: () => number;
    });

export type PartLocation = Part['location'];
export type PartAt<L extends PartLocation> = Extract<Part, { location: L }>;

/** What a command acts upon, by kind. What a menu was opened on; empty from the palette. */
export type Target = {
  readonly session?: SessionInfo;
  readonly receiver?: ReceiverInfo;
  readonly sender?: SenderInfo;
  readonly extension?: ExtensionInfo;
  readonly clock?: ClockInfo;
  readonly device?: DeviceInfo;
} & Readonly<Record<string, unknown>>;

/** Something a person can do: from the palette, by key, from menus and buttons. */
export interface Command {
  /** Unique, `part.verb`. */
  readonly id: string;
  /** Localised, as a verb: `Add sender…`. */
  readonly title: string;
  /** Localised; stands before the title in the palette. */
  readonly category?: string;
  readonly icon?: string;
  /** As `Ctrl+Shift+P`; `Ctrl` is the command key on a Mac. A person may choose others. */
  readonly keybinding?: string;
  /** Offered, but greyed out, while this is false. */
  readonly isEnabled?: (target: Target) => boolean;
  /** Absent: the palette has it. What acts on one thing of many stands in menus only. */
  readonly isInPalette?: () => boolean;
  readonly run: (target: Target) => void | Promise<void>;
}

/** A command in the menu of a thing. */
export interface MenuEntry {
  /** Unique. */
  readonly id: string;
  readonly place: MenuPlace;
  /** Id of the command. */
  readonly command: string;
  /** Entries of a group stand together, groups in alphabetic order. */
  readonly group?: string;
  /** Absent: always. */
  readonly isShown?: (target: Target) => boolean;
}

/** Keys of a command beyond its own `keybinding`, for some states of affairs or with something to act upon. */
export interface KeyEntry {
  /** Unique. */
  readonly id: string;
  readonly command: string;
  /** As {@link Command.keybinding}. */
  readonly keybinding: string;
  readonly isActive?: () => boolean;
  readonly target?: Target;
}

/** An item of the status bar: renders `<li>` content. */
export interface StatusItem {
  readonly id: string;
  readonly side: 'left' | 'right';
  readonly order?: number;
  readonly component: ComponentType;
}

/** Something that quick open finds. */
export interface QuickEntry {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly icon: string;
  readonly open: () => void;
}

/** A source of {@link QuickEntry}, asked when quick open opens. */
export type QuickSource = () => readonly QuickEntry[];

export interface Registries {
  readonly parts: Registry<Part>;
  readonly commands: Registry<Command>;
  readonly statusItems: Registry<StatusItem>;
  readonly quickSources: Registry<QuickSource>;
  readonly menus: Registry<MenuEntry>;
  readonly keys: Registry<KeyEntry>;
}

/** The side of the registries that a contribution sees: all that it registered goes with it. */
export class Registrar implements Disposable {
  readonly #registries: Registries;
  readonly #store = new DisposableStore();

  constructor(registries: Registries) {
    this.#registries = registries;
  }

  part(part: Part): Disposable {
    return this.#store.add(this.#registries.parts.register(`${part.location}:${part.id}`, part));
  }

  command(command: Command): Disposable {
    return this.#store.add(this.#registries.commands.register(command.id, command));
  }

  statusItem(item: StatusItem): Disposable {
    return this.#store.add(this.#registries.statusItems.register(item.id, item));
  }

  menu(entry: MenuEntry): Disposable {
    return this.#store.add(this.#registries.menus.register(entry.id, entry));
  }

  keys(entry: KeyEntry): Disposable {
    return this.#store.add(this.#registries.keys.register(entry.id, entry));
  }

  quickSource(id: string, source: QuickSource): Disposable {
    return this.#store.add(this.#registries.quickSources.register(id, source));
  }

  /** Something else that goes with the contribution. */
  add<T extends Disposable>(item: T): T {
    return this.#store.add(item);
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** One part, by its location and id. */
export function partAt<L extends PartLocation>(
  parts: Registry<Part>,
  location: L,
  id: string,
): PartAt<L> | undefined {
  return parts.get(`${location}:${id}`) as PartAt<L> | undefined; // the key begins with the location
}

/** Parts of a location in the order in which they are shown. */
export function partsAt<L extends PartLocation>(parts: Registry<Part>, location: L): readonly PartAt<L>[] {
  return parts
    .entries()
    .map(([, part]) => part)
    .filter((part): part is PartAt<L> => part.location === location)
    .sort((a, b) => (a.order ?? 100) - (b.order ?? 100));
}

export function createRegistries(): Registries {
  return {
    parts: new Registry(),
    commands: new Registry(),
    statusItems: new Registry(),
    quickSources: new Registry(),
    menus: new Registry(),
    keys: new Registry(),
  };
}
