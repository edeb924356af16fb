import { useEffect, useRef } from 'react';
import { useHost } from '../../api/host-context.ts';
import type { Store } from '../../workbench/store.ts';

/** Ids of the views whose code is there. */
export type ReadyViews = Store<ReadonlySet<string>>;

/** Says that the content of a view is different: below these items, or all of it. */
export function useViewChanges(
  view: string,
  ready: ReadyViews,
  onChange: (items?: readonly string[]) => void,
): void {
  const host = useHost();
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    let wasReady = ready.get().has(view);
    const messages = host.onContribution((message) => {
      if (message.kind === 'view' && message.view === view) latest.current(message.items);
      // After a break of the connection, what the extension said meanwhile was not heard.
      if (message.kind === 'contributions') latest.current();
    });
    // Its code came, or came again: what it says now counts.
    const arrivals = ready.onDidChange((views) => {
      const isReady = views.has(view);
      if (isReady && !wasReady) latest.current();
      wasReady = isReady;
    });
    return () => {
      messages.dispose();
      arrivals.dispose();
    };
  }, [host, view, ready]);
}
