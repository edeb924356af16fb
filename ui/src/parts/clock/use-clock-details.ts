import { useEffect, useState } from 'react';
import type { ClockDetails } from '@tutti/common';
import { useHost } from '../../api/host-context.ts';
import { mergeHistory } from './clock-history.ts';

/** The host looks at its clock once a second; more often there is nothing new. */
const pollMs = 1000;

/** The clock's report with its history, kept up to date while it can be seen. An hour is fetched once, then only what is new. */
export function useClockDetails(): ClockDetails | undefined {
  const host = useHost();
  const [details, setDetails] = useState<ClockDetails>();
  useEffect(() => {
    let known: ClockDetails | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const poll = async (): Promise<void> => {
      if (!document.hidden) {
        const answer = await host.api.clockReport(known?.history.at(-1)?.at);
        if (isOver) return;
        if (answer.ok) {
          known = mergeHistory(known, answer.value);
          setDetails(known);
        }
      }
      timer = setTimeout(() => void poll(), pollMs);
    };
    void poll();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [host]);
  return details;
}
