import { localize } from '../localize/localize.ts';
import { useSyncExternalStore } from 'react';
import { agoText } from './words.ts';

/** One timer for every time on the page. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const call of listeners) call();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** How long ago something was; the exact time on hover. */
export function Ago({ at }: { readonly at: string | number }) {
  const current = useSyncExternalStore(subscribe, () => now);
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <span>{localize('ago.unknown', 'unknown')}</span>;
  return (
    <time dateTime={time.toISOString()} title={time.toLocaleString()}>
      {agoText(current - time.getTime())}
    </time>
  );
}
