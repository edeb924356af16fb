import { fail } from '@tutti/base';
import type { AddReceiver, PatchRequest } from '@tutti/common';
import type { Interfaces } from '../platform/interfaces.ts';
import type { StoredReceiver, StoredState } from '../state/stored-state.ts';
import { makeReceiver, type ReceiverSource } from './receiver-request.ts';
import { listRoutes, withoutRoutes, withRoutes } from './route-requests.ts';
import { withItem, withoutItem } from './stream-lists.ts';

/** A receiver that a patch makes: the request as extensions left it, and where its description comes from. */
export interface PreparedReceiver {
  readonly request: AddReceiver;
  readonly source: ReceiverSource;
}

/**
 * The state after a patch. Whether its routes clash is checked by `checkRoutes`.
 *
 * @param receive the receivers that it makes, in its order
 * @throws TuttiError `notFound`, `invalid`, `conflict`.
 */
export function applyPatch(
  state: StoredState,
  { clear = [], remove = [], set = [] }: PatchRequest,
  receive: readonly PreparedReceiver[],
  interfaces: Interfaces,
): StoredState {
  let next = withoutRoutes(state, clear);
  for (const id of remove) next = { ...next, receivers: withoutUnused(next.receivers, id) };
  for (const { request, source } of receive)
    next = withItem(next, 'receivers', 'r', makeReceiver(request, source, next, interfaces));
  return withRoutes(next, set);
}

/** What brings the state back from `after` to `before`, but for receivers that were removed. */
export function undoOf(before: StoredState, after: StoredState): PatchRequest {
  const [old, fresh] = [listRoutes(before), listRoutes(after)];
  const [oldKeys, freshKeys] = [new Set(old.map(keyOf)), new Set(fresh.map(keyOf))];
  const stays = new Set(after.receivers.map(({ id }) => id));
  return {
    clear: fresh.filter((route) => !oldKeys.has(keyOf(route))),
    remove: addedBy(before, after).map(({ id }) => id),
    set: old.filter(
      (route) =>
        !freshKeys.has(keyOf(route)) && (route.receiverId === undefined || stays.has(route.receiverId)),
    ),
  };
}

export function addedBy(before: StoredState, after: StoredState): readonly StoredReceiver[] {
  const known = new Set(before.receivers.map(({ id }) => id));
  return after.receivers.filter(({ id }) => !known.has(id));
}

function withoutUnused(receivers: readonly StoredReceiver[], id: string): readonly StoredReceiver[] {
  const left = withoutItem(receivers, id, 'receiver');
  const routes = receivers.find((each) => each.id === id)?.routes ?? [];
  if (routes.length === 0) return left;
  throw fail('conflict', `receiver ${id} has other routes, which somebody made since`, {
    field: 'remove',
    fix: 'clear them first, or leave the receiver',
  });
}

const keyOf = (route: object): string => JSON.stringify(route);
