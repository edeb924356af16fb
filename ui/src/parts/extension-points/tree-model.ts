import type { TreeItem } from '@tutti/api';
import { Emitter, type Problem, type Result } from '@tutti/base';

type Level = string | undefined;

export interface TreeState {
  /** Items below an item (undefined: the first ones), as far as they were asked for. */
  readonly levels: ReadonlyMap<Level, readonly TreeItem[]>;
  readonly expanded: ReadonlySet<string>;
  /** Why the first level is not there. */
  readonly problem?: Problem;
}

/** The items of a view of type tree that somebody has looked at; asks for more as they are unfolded. */
export class TreeModel {
  readonly #ask: (parent: Level) => Promise<Result<readonly TreeItem[]>>;
  readonly #changed = new Emitter<void>();
  #state: TreeState = { levels: new Map(), expanded: new Set() };
  /** Levels that are being asked for; true: again, it changed meanwhile. */
  readonly #asking = new Map<Level, boolean>();

  constructor(ask: (parent: Level) => Promise<Result<readonly TreeItem[]>>) {
    this.#ask = ask;
  }

  readonly get = (): TreeState => this.#state;
  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#changed.event(changed);
    return () => subscription.dispose();
  };

  /** Asks for the first level, or for the children of an item, anew. */
  async load(parent?: string): Promise<void> {
    if (this.#asking.has(parent)) {
      this.#asking.set(parent, true);
      return;
    }
    do {
      this.#asking.set(parent, false);
      const reply = await this.#ask(parent);
      if (reply.ok) this.#fill(parent, reply.value);
      else if (parent === undefined) this.#set({ ...this.#state, problem: reply.error });
      else this.#fill(parent, [{ id: `${parent} problem`, label: reply.error.message, icon: 'error' }]);
    } while (this.#asking.get(parent) === true);
    this.#asking.delete(parent);
  }

  expand(keys: ReadonlySet<string>): void {
    const before = this.#state.expanded;
    this.#set({ ...this.#state, expanded: keys });
    for (const key of keys) if (!before.has(key)) void this.load(key);
  }

  toggle(id: string): void {
    const keys = new Set(this.#state.expanded);
    if (!keys.delete(id)) keys.add(id);
    this.expand(keys);
  }

  /** The extension says that something changed: only below these items, or everywhere. */
  changed(items?: readonly string[]): void {
    const { levels } = this.#state;
    const known = [...levels.keys()];
    const stale = items ? known.filter((level) => level !== undefined && items.includes(level)) : known;
    for (const level of stale) void this.load(level);
    // The first level could not be had before.
    if (!items && !levels.has(undefined)) void this.load();
  }

  #fill(parent: Level, answer: readonly TreeItem[]): void {
    const levels = new Map(this.#state.levels);
    // An id that stands elsewhere already would make the tree a maze without an end.
    const elsewhere = new Set(
      [...levels].flatMap(([level, items]) => (level === parent ? [] : items.map(({ id }) => id))),
    );
    const items = answer.filter(({ id }, index) => {
      const isFirst = answer.findIndex((other) => other.id === id) === index;
      return isFirst && !elsewhere.has(id) && id !== parent;
    });
    const before = new Set(levels.get(parent)?.map(({ id }) => id));
    for (const id of before) if (!items.some((item) => item.id === id)) levels.delete(id);
    levels.set(parent, items);
    const unfolded = items
      .filter(({ id, children }) => children === 'expanded' && !before.has(id))
      .map(({ id }) => id);
    this.#set({ levels, expanded: new Set([...this.#state.expanded, ...unfolded]) });
    for (const id of unfolded) void this.load(id);
  }

  #set(state: TreeState): void {
    this.#state = state;
    this.#changed.fire();
  }
}
