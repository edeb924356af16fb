import { useEffect, useState } from 'react';
import { localize } from '../localize/localize.ts';
import { useHost } from '../api/host-context.ts';
import { ActionButton } from './ActionButton.tsx';

/** Copies text to the clipboard and says so, to the eye and to a screen reader. */
export function CopyButton({ text, label, what }: { text: string; label: string; what: string }) {
  const host = useHost();
  const [done, setDone] = useState<'no' | 'copied' | 'refused'>('no');

  useEffect(() => {
    if (done === 'no') return undefined;
    const timer = setTimeout(() => setDone('no'), 2000);
    return () => clearTimeout(timer);
  }, [done]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setDone('copied');
      host.announce(localize('copy.said', '{0} copied.', what));
    } catch {
      setDone('refused');
      host.announce(localize('copy.refusedSaid', 'The browser refused to copy. Select the text instead.'));
    }
  };

  const faces = {
    no: { icon: 'copy', text: label },
    copied: { icon: 'check', text: localize('copy.done', 'Copied') },
    refused: { icon: 'warning', text: localize('copy.refused', 'Not copied: select the text') },
  };
  return (
    <ActionButton icon={faces[done].icon} onPress={() => void copy()}>
      {faces[done].text}
    </ActionButton>
  );
}
