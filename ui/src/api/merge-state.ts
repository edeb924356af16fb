import type { HostState, StateMessage } from '@tutti/common';

/**
 * The state after a message. What did not change keeps its identity, so that only rows that changed are drawn again. A
 * delta before the first snapshot says nothing and is dropped.
 */
export function mergeState(before: HostState | undefined, message: StateMessage): HostState | undefined {
  if (message.kind === 'snapshot') return before ? keepUnchanged(before, message.state) : message.state;
  return before && keepUnchanged(before, { ...before, ...message.state });
}

/** `after`, with every part that equals its counterpart in `before` replaced by it. Items of lists are matched by `id`. */
export function keepUnchanged<T>(before: T, after: T): T {
  if (Object.is(before, after)) return before;
  if (Array.isArray(before) && Array.isArray(after)) return keepList(before, after) as T;
  if (isPlain(before) && isPlain(after)) return keepRecord(before, after) as T;
  return after;
}

function keepList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const byId = new Map(before.map((item) => [idOf(item), item]));
  const merged = after.map((item, index) => {
    const id = idOf(item);
    return keepUnchanged(id === undefined ? before[index] : byId.get(id), item);
  });
  const same = merged.length === before.length && merged.every((item, index) => item === before[index]);
  return same ? before : merged;
}

function keepRecord(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  const keys = Object.keys(after);
  const merged = Object.fromEntries(keys.map((key) => [key, keepUnchanged(before[key], after[key])]));
  const same =
    keys.length === Object.keys(before).length &&
    keys.every((key) => key in before && merged[key] === before[key]);
  return same ? before : merged;
}

const idOf = (item: unknown): unknown => (isPlain(item) ? item['id'] : undefined);

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
