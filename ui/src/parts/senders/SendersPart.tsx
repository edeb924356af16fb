import { useCallback, useState } from 'react';
import { useHost, useHostState } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { ConfirmDialog } from '../../widgets/ConfirmDialog.tsx';
import { Part } from '../../widgets/Part.tsx';
import { useKept } from '../../widgets/use-kept.ts';
import { stateCounts } from '../../widgets/run-state.ts';
import { useWorkbench } from '../../workbench/workbench.ts';
import { sayRemoved, senderAgain } from '../streams/take-back.ts';
import { SendersTable, settled, type SettledSender } from './SendersTable.tsx';

/** Sessions of ours: device outputs that go out as streams. */
export function SendersPart() {
  const host = useHost();
  const workbench = useWorkbench();
  const senders = useHostState('senders');
  const [removing, setRemoving] = useState<string>();
  const rows = useKept(senders?.map(settled));
  const onSdp = useCallback(
    ({ id, name }: SettledSender) => workbench.openEditor('sdp', `sender ${id}`, name),
    [workbench],
  );
  const onRemove = useCallback(({ id }: SettledSender) => setRemoving(id), []);
  const sender = senders?.find(({ id }) => id === removing);
  return (
    <Part
      title={localize('senders.title', 'Senders')}
      icon="arrow-up"
      summary={senders && stateCounts(senders)}
      actions={
        <ActionButton kind="quiet" icon="add" onPress={() => void workbench.run('streams.addSender')}>
          {localize('senders.add', 'Add sender…')}
        </ActionButton>
      }
    >
      <SendersTable senders={rows} onSdp={onSdp} onRemove={onRemove} />
      {sender && (
        <ConfirmDialog
          title={localize('senders.ask', 'Remove sender {0}?', sender.name)}
          confirmLabel={localize('remove', 'Remove')}
          onClose={() => setRemoving(undefined)}
          confirm={async () => {
            const result = await host.api.removeSender(sender.id);
            if (result.ok) {
              host.senderRemoved(sender.id);
              const again = senderAgain(sender, senders ?? []);
              sayRemoved(
                workbench,
                localize('senders.removed', 'Sender {0} removed.', sender.name),
                again && (() => host.api.addSender(again)),
              );
            }
            return result;
          }}
        >
          <p>{localize('senders.stops', 'The stream stops, and everybody who receives it hears silence.')}</p>
        </ConfirmDialog>
      )}
    </Part>
  );
}
