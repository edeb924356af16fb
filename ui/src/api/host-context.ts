import { createContext, useContext, useSyncExternalStore } from 'react';
import type { HostState } from '@tutti/common';
import type { Host, HostView } from './host.ts';

export const HostContext = createContext<Host | undefined>(undefined);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error('a component that talks to the host must be inside HostContext');
  return host;
}

/**
 * One value of what the page sees of the host. The component is drawn again only when the value is another one: numbers move in the state
 * twice a second, and what stands beside them need not be drawn for that.
 *
 * @param select must return the same object as long as it is the same; parts of the state do.
 */
export function useHostValue<T>(select: (view: HostView) => T): T {
  const host = useHost();
  return useSyncExternalStore(host.subscribe, () => select(host.getView()));
}

/** One part of the state; the component is drawn again only when that part changes. Undefined before the first snapshot. */
export function useHostState<K extends keyof HostState>(part: K): HostState[K] | undefined {
  return useHostValue(({ state }) => state?.[part]);
}

/**
 * What one of our streams says of itself, which moves twice a second: who shows it takes it from here and is drawn again alone. Undefined
 * if there is no such stream.
 *
 * @param select must return the same as long as it looks the same: a text or a number.
 */
export function useStream<P extends 'receivers' | 'senders', T extends string | number>(
  part: P,
  id: string,
  select: (stream: HostState[P][number]) => T | undefined,
): T | undefined {
  return useHostValue(({ state }) => {
    const streams: readonly HostState[P][number][] = state?.[part] ?? [];
    const stream = streams.find((each) => each.id === id);
    return stream && select(stream);
  });
}
