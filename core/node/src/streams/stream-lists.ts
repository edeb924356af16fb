import { fail } from '@tutti/base';
import type { StoredState } from '../state/stored-state.ts';

/** The state with one receiver or sender more, its id made of `letter` and a number that was never used. */
export function withItem<K extends 'receivers' | 'senders'>(
  state: StoredState,
  list: K,
  letter: string,
  item: Omit<StoredState[K][number], 'id'>,
): StoredState {
  return {
    ...state,
    nextId: state.nextId + 1,
    [list]: [...state[list], { ...item, id: `${letter}${state.nextId}` }],
  };
}

/** @throws TuttiError `notFound`. */
export function withoutItem<T extends { readonly id: string }>(
  items: readonly T[],
  id: string,
  what: string,
): readonly T[] {
  if (!items.some((each) => each.id === id)) {
    throw fail('notFound', `no ${what} ${id}`, { field: 'id', fix: `see "tutti ${what} list"` });
  }
  return items.filter((each) => each.id !== id);
}
