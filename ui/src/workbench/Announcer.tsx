import { useEffect, useState } from 'react';
import { useHost } from '../api/host-context.ts';

/** Speaks what happened to those who do not see it happen. */
export function Announcer() {
  const host = useHost();
  const [{ sentence, count }, setSpoken] = useState({ sentence: '', count: 0 });
  useEffect(() => {
    const subscription = host.onAnnounce((next) =>
      setSpoken((last) => ({ sentence: next, count: last.count + 1 })),
    );
    return () => subscription.dispose();
  }, [host]);
  return (
    // By this attribute the widgets' library knows what a modal must not silence.
    <div className="visually-hidden" role="status" data-live-announcer="true">
      {/* An element of its own for each: only what is new in the document is spoken, also if it says the same. */}
      <span key={count}>{sentence}</span>
    </div>
  );
}
