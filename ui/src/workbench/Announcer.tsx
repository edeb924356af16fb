import { useEffect, useState } from 'react';
import { useHost } from '../api/host-context.ts';

/** Speaks what happened to those who do not see it happen. */
export function Announcer() {
  const host = useHost();
  const [sentence, setSentence] = useState('');
  useEffect(() => {
    const subscription = host.onAnnounce(setSentence);
    return () => subscription.dispose();
  }, [host]);
  return (
    <div className="visually-hidden" role="status">
      {sentence}
    </div>
  );
}
