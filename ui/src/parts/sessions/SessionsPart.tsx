import { useMemo } from 'react';
import type { ReceiverInfo, SessionInfo } from '@tutti/common';
import { useHostState } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { BarChoice } from '../../widgets/BarChoice.tsx';
import { FilterInput } from '../../widgets/FilterInput.tsx';
import { Part } from '../../widgets/Part.tsx';
import { useStore } from '../../workbench/store.ts';
import { useWorkbench } from '../../workbench/workbench.ts';
import { ReceiveDialog } from './ReceiveDialog.tsx';
import { sessionFilter, type SessionFilter } from './session-filter.ts';
import { SessionsTable } from './SessionsTable.tsx';
import { matchesFilter } from './session-words.ts';

/** What is announced on the network, one row a session however many saw it; from here a session is received. */
export function SessionsPart() {
  const workbench = useWorkbench();
  const sessions = useHostState('sessions');
  const receivers = useHostState('receivers');
  const filter = useStore(sessionFilter);
  const shown = useMemo(
    () => sessions?.filter((session) => isWanted(session, filter, receivers ?? [])),
    [sessions, filter, receivers],
  );
  const announced = sessions?.filter(({ state }) => state === 'announced').length ?? 0;
  const states = [
    { id: 'all', text: localize('sessions.all', 'All') },
    { id: 'announced', text: localize('sessions.announced', 'Announced') },
    { id: 'gone', text: localize('sessions.gone', 'Gone') },
    { id: 'received', text: localize('sessions.received', 'Received') },
    { id: 'ours', text: localize('sessions.ours', 'Ours') },
  ] as const;
  return (
    <Part
      title={localize('sessions.title', 'Sessions')}
      icon="radio-tower"
      summary={
        sessions &&
        localize('sessions.summary', '{0} announced, {1} gone', announced, sessions.length - announced)
      }
      actions={
        <>
          <BarChoice
            label={localize('sessions.state', 'Sessions to show')}
            choices={states}
            value={filter.state}
            onChange={(state) => sessionFilter.set({ ...filter, state })}
          />
          <FilterInput
            label={localize('sessions.filter', 'Filter sessions')}
            placeholder={localize('filter', 'Filter')}
            value={filter.text}
            onChange={(text) => sessionFilter.set({ ...filter, text })}
          />
          <ActionButton
            kind="quiet"
            icon="file-code"
            onPress={() => void workbench.run('streams.receiveSdp')}
          >
            {localize('sessions.receiveSdp', 'Receive from SDP…')}
          </ActionButton>
        </>
      }
    >
      <SessionsTable
        sessions={shown}
        isFiltered={shown?.length !== sessions?.length}
        onReceive={(session) =>
          workbench.openDialog((close) => <ReceiveDialog session={session} onClose={close} />)
        }
        onSdp={(session) => workbench.openEditor('sdp', `session ${session.id}`, session.name)}
      />
    </Part>
  );
}

function isWanted(
  session: SessionInfo,
  { text, state }: SessionFilter,
  receivers: readonly ReceiverInfo[],
): boolean {
  const isOfState = {
    all: () => true,
    announced: () => session.state === 'announced',
    gone: () => session.state === 'gone',
    received: () => receivers.some(({ sessionId }) => sessionId === session.id),
    ours: () => session.senderId !== undefined,
  }[state];
  return isOfState() && matchesFilter(session, text);
}
