import { useEffect, useMemo, useState } from 'react';
import type { Arrivals } from '@tutti/common';
import { useHost } from '../../api/host-context.ts';
import { arrivalsSince } from './margin-histogram.ts';

/** The histogram is asked for this often while it can be seen. */
const pollMs = 1000;

/** When packets of a receiver came, since it was put in force or since the last restart here. */
export function useArrivals(receiver: string): { arrivals: Arrivals | undefined; restart: () => void } {
  const host = useHost();
  const [latest, setLatest] = useState<Arrivals>();
  const [start, setStart] = useState<Arrivals>();
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const poll = async (): Promise<void> => {
      if (!document.hidden) {
        const answer = await host.api.arrivals(receiver);
        if (isOver) return;
        if (answer.ok) setLatest(answer.value);
      }
      timer = setTimeout(() => void poll(), pollMs);
    };
    void poll();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [host, receiver]);
  const arrivals = useMemo(() => latest && arrivalsSince(latest, start), [latest, start]);
  return { arrivals, restart: () => setStart(latest) };
}
