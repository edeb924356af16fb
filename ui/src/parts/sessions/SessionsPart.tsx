import { useState } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { useHostState } from '../../api/host-context.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Part } from '../../widgets/Part.tsx';
import { ReceiveDialog } from './ReceiveDialog.tsx';
import { ReceiveSdpDialog } from './ReceiveSdpDialog.tsx';
import { SessionSdpDialog } from './SessionSdpDialog.tsx';
import { SessionsTable } from './SessionsTable.tsx';

type Open = { readonly dialog: 'receive' | 'sdp'; readonly sessionId: string } | { readonly dialog: 'paste' };

/** What is announced on the network, merged over all providers; from here a session is received. */
export function SessionsPart() {
  const sessions = useHostState('sessions');
  const [open, setOpen] = useState<Open>();
  const [filter, setFilter] = useState('');
  const close = (): void => setOpen(undefined);
  const session = open && 'sessionId' in open ? sessions?.find(({ id }) => id === open.sessionId) : undefined;
  const announced = sessions?.filter(({ state }) => state === 'announced').length ?? 0;
  return (
    <Part
      title="Sessions"
      icon="radio-tower"
      summary={sessions && `${announced} announced, ${sessions.length - announced} gone`}
      actions={
        <>
          <SearchField className="filter" aria-label="Filter sessions" value={filter} onChange={setFilter}>
            <Input placeholder="Filter" />
          </SearchField>
          <ActionButton kind="quiet" icon="file-code" onPress={() => setOpen({ dialog: 'paste' })}>
            Receive from SDP…
          </ActionButton>
        </>
      }
    >
      <SessionsTable
        sessions={sessions}
        filter={filter}
        onReceive={(sessionId) => setOpen({ dialog: 'receive', sessionId })}
        onSdp={(sessionId) => setOpen({ dialog: 'sdp', sessionId })}
      />
      {open?.dialog === 'paste' && <ReceiveSdpDialog onClose={close} />}
      {open?.dialog === 'receive' && session && <ReceiveDialog session={session} onClose={close} />}
      {open?.dialog === 'sdp' && session && <SessionSdpDialog session={session} onClose={close} />}
    </Part>
  );
}
