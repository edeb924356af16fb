import { createContext, useContext, useSyncExternalStore } from 'react';
import type { HostState } from '@tutti/common';
import type { Host, HostView } from './host.ts';

export const HostContext = createContext<Host | undefined>(undefined);

export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error('a component that talks to the host must be inside HostContext');
  return host;
}

export function useHostView(): HostView {
  const host = useHost();
  return useSyncExternalStore(host.subscribe, host.getView);
}

/** One part of the state; the component is drawn again only when that part changes. Undefined before the first snapshot. */
export function useHostState<K extends keyof HostState>(part: K): HostState[K] | undefined {
  const host = useHost();
  return useSyncExternalStore(host.subscribe, () => host.getView().state?.[part]);
}
