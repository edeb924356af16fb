import { useSyncExternalStore } from 'react';
import type { Host } from '../../api/host.ts';
import { useHost } from '../../api/host-context.ts';
import { Patching, type PatchingView } from './patching.ts';

const byHost = new WeakMap<Host, Patching>();

/** What was patched in this window lives as long as its host, whatever is on the screen. */
export function patchingOf(host: Host): Patching {
  const patching = byHost.get(host) ?? new Patching(host);
  byHost.set(host, patching);
  return patching;
}

export function usePatching(): readonly [Patching, PatchingView] {
  const patching = patchingOf(useHost());
  return [patching, useSyncExternalStore(patching.subscribe, patching.getView)];
}
