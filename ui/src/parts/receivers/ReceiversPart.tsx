import { useCallback, useState } from 'react';
import { localize } from '../../localize/localize.ts';
import { useHost, useHostState } from '../../api/host-context.ts';
import { ConfirmDialog } from '../../widgets/ConfirmDialog.tsx';
import { CountersDialog } from '../../widgets/CountersDialog.tsx';
import { Part } from '../../widgets/Part.tsx';
import { useKept } from '../../widgets/use-kept.ts';
import { rangesText } from '../../widgets/words.ts';
import { stateCounts } from '../../widgets/run-state.ts';
import { useWorkbench } from '../../workbench/workbench.ts';
import { useReceive } from '../sessions/use-receive.ts';
import { receiverAgain, sayRemoved } from '../streams/take-back.ts';
import { shownFaults } from './counters.ts';
import { HealthDialog } from './HealthDialog.tsx';
import { ReceiversTable, settled, type ReceiverDialog } from './ReceiversTable.tsx';

/** Our subscriptions: what arrives, how well, and where it goes. */
export function ReceiversPart() {
  const host = useHost();
  const workbench = useWorkbench();
  const receive = useReceive();
  const receivers = useHostState('receivers');
  const [open, setOpen] = useState<{ dialog: ReceiverDialog; id: string }>();
  const close = (): void => setOpen(undefined);
  const onOpen = useCallback((dialog: ReceiverDialog, id: string) => setOpen({ dialog, id }), []);
  const rows = useKept(receivers?.map(settled));
  const columns = useKept(shownFaults(receivers ?? []));
  const receiver = receivers?.find(({ id }) => id === open?.id);
  return (
    <Part
      title={localize('receivers.title', 'Receivers')}
      icon="arrow-down"
      summary={receivers && stateCounts(receivers)}
    >
      <ReceiversTable receivers={rows} columns={columns} onOpen={onOpen} />
      {open?.dialog === 'health' && receiver && <HealthDialog receiver={receiver} onClose={close} />}
      {open?.dialog === 'counters' && receiver && (
        <CountersDialog
          title={localize('receivers.counters', 'Counters of {0}', receiver.name)}
          counters={receiver.counters}
          onClose={close}
        />
      )}
      {open?.dialog === 'remove' && receiver && (
        <ConfirmDialog
          title={localize('receivers.ask', 'Remove receiver {0}?', receiver.name)}
          confirmLabel={localize('remove', 'Remove')}
          onClose={close}
          confirm={async () => {
            const result = await host.api.removeReceiver(receiver.id);
            if (result.ok) {
              host.receiverRemoved(receiver.id);
              const again = receiverAgain(receiver);
              sayRemoved(
                workbench,
                localize('receivers.removed', 'Receiver {0} removed.', receiver.name),
                again && (() => receive(again)),
              );
            }
            return result;
          }}
        >
          <p>
            {receiver.map.length > 0
              ? localize(
                  'receivers.silent',
                  'Inputs {0} go silent.',
                  rangesText(receiver.map.map(([, input]) => input)),
                )
              : localize('receivers.noRoute', 'It has no route to an input.')}
          </p>
        </ConfirmDialog>
      )}
    </Part>
  );
}
