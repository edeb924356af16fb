import { fail } from '@tutti/base';
import type { RouteInfo } from '@tutti/common';
import type { StoredState } from '../state/stored-state.ts';

type Pair = readonly [number, number];

/** Every crosspoint, counted from 1. */
export function listRoutes({ receivers, senders }: StoredState): readonly RouteInfo[] {
  return [
    ...receivers.flatMap(({ id, routes }) =>
      routes.map(([channel, input]) => ({ receiverId: id, channel: channel + 1, input: input + 1 })),
    ),
    ...senders.flatMap(({ id, routes }) =>
      routes.map(([output, channel]) => ({ senderId: id, channel: channel + 1, output: output + 1 })),
    ),
  ];
}

/** The state with these routes besides. Whether they clash is checked by `checkRoutes`. */
export function withRoutes(state: StoredState, routes: readonly RouteInfo[]): StoredState {
  return edit(state, routes, (present, pair) => (present.some(same(pair)) ? present : [...present, pair]));
}

/** @throws TuttiError `notFound` for a route that is not there. */
export function withoutRoutes(state: StoredState, routes: readonly RouteInfo[]): StoredState {
  return edit(state, routes, (present, pair, route) => {
    if (!present.some(same(pair)))
      throw fail('notFound', `no such route: ${describe(route)}`, { field: 'routes' });
    return present.filter((each) => !same(pair)(each));
  });
}

/** Ids of the streams that routes belong to. */
export function streamsOf(routes: readonly RouteInfo[]): readonly string[] {
  return [...new Set(routes.map(({ receiverId, senderId }) => receiverId ?? senderId ?? ''))];
}

function edit(
  state: StoredState,
  routes: readonly RouteInfo[],
  change: (present: readonly Pair[], pair: Pair, route: RouteInfo) => readonly Pair[],
): StoredState {
  let { receivers, senders } = state;
  for (const route of routes) {
    const { receiverId, senderId, channel, input, output } = route;
    if (receiverId !== undefined && input !== undefined && senderId === undefined && output === undefined) {
      receivers = replace(receivers, receiverId, 'receiver', (each) =>
        change(each.routes, [channel - 1, input - 1], route),
      );
    } else if (
      senderId !== undefined &&
      output !== undefined &&
      receiverId === undefined &&
      input === undefined
    ) {
      senders = replace(senders, senderId, 'sender', (each) =>
        change(each.routes, [output - 1, channel - 1], route),
      );
    } else {
      throw fail('invalid', 'a route has a receiver and an input, or a sender and an output', {
        field: 'routes',
      });
    }
  }
  return { ...state, receivers, senders };
}

function replace<T extends { readonly id: string; readonly routes: readonly Pair[] }>(
  items: readonly T[],
  id: string,
  what: string,
  routesOf: (item: T) => readonly Pair[],
): readonly T[] {
  if (!items.some((each) => each.id === id))
    throw fail('notFound', `no ${what} ${id}`, { field: `${what}Id` });
  return items.map((each) => (each.id === id ? { ...each, routes: routesOf(each) } : each));
}

const same =
  ([a, b]: Pair) =>
  ([c, d]: Pair): boolean =>
    a === c && b === d;

const describe = ({ receiverId, senderId, channel, input, output }: RouteInfo): string =>
  receiverId === undefined
    ? `output ${output} to channel ${channel} of ${senderId}`
    : `channel ${channel} of ${receiverId} to input ${input}`;
