import { useState } from 'react';
import { useHost, useHostState } from '../../api/host-context.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { ConfirmDialog } from '../../widgets/ConfirmDialog.tsx';
import { Part } from '../../widgets/Part.tsx';
import { stateCounts } from '../../widgets/run-state.ts';
import { AddSenderDialog } from './AddSenderDialog.tsx';
import { SenderSdpDialog } from './SenderSdpDialog.tsx';
import { SendersTable } from './SendersTable.tsx';

type Open = { readonly dialog: 'add' } | { readonly dialog: 'sdp' | 'remove'; readonly senderId: string };

/** Sessions of ours: device outputs that go out as streams. */
export function SendersPart() {
  const host = useHost();
  const senders = useHostState('senders');
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  const sender = open && 'senderId' in open ? senders?.find(({ id }) => id === open.senderId) : undefined;
  return (
    <Part
      title="Senders"
      icon="arrow-up"
      summary={senders && stateCounts(senders)}
      actions={
        <ActionButton kind="quiet" icon="add" onPress={() => setOpen({ dialog: 'add' })}>
          Add sender…
        </ActionButton>
      }
    >
      <SendersTable
        senders={senders}
        onSdp={(senderId) => setOpen({ dialog: 'sdp', senderId })}
        onRemove={(senderId) => setOpen({ dialog: 'remove', senderId })}
      />
      {open?.dialog === 'add' && <AddSenderDialog onClose={close} />}
      {open?.dialog === 'sdp' && sender && <SenderSdpDialog sender={sender} onClose={close} />}
      {open?.dialog === 'remove' && sender && (
        <ConfirmDialog
          title={`Remove sender ${sender.name}?`}
          confirmLabel="Remove"
          onClose={close}
          confirm={async () => {
            const result = await host.api.removeSender(sender.id);
            if (result.ok) {
              host.senderRemoved(sender.id);
              host.announce(`Sender ${sender.name} removed.`);
            }
            return result;
          }}
        >
          <p>The stream stops, and everybody who receives it hears silence.</p>
        </ConfirmDialog>
      )}
    </Part>
  );
}
