import { useSyncExternalStore } from 'react';
import type { LoggedEvent } from '../../api/event-log.ts';
import { useHost } from '../../api/host-context.ts';

export function useEvents(): readonly LoggedEvent[] {
  const { events } = useHost();
  return useSyncExternalStore(events.subscribe, events.get);
}
