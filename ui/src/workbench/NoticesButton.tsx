import { useState } from 'react';
import type { EngineNotice } from '@tutti/common';
import { ActionButton } from '../widgets/ActionButton.tsx';
import { ModalDialog } from '../widgets/ModalDialog.tsx';

/** What is not as it should be on this machine, each with its fix. */
export function NoticesButton({ notices }: { readonly notices: readonly EngineNotice[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionButton kind="quiet" icon="warning" onPress={() => setOpen(true)}>
        {notices.length === 1 ? '1 notice' : `${notices.length} notices`}
      </ActionButton>
      {open && (
        <ModalDialog title="Notices of the engine" onClose={() => setOpen(false)}>
          <ul className="notices">
            {notices.map((notice) => (
              <li key={notice.code}>
                <p>{notice.message}</p>
                <p className="quiet">{notice.fix}</p>
              </li>
            ))}
          </ul>
        </ModalDialog>
      )}
    </>
  );
}
