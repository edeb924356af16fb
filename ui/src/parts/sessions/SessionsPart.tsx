import { useCallback, useMemo } from 'react';
import type { SessionInfo } from '@tutti/common';
import { useHostState, useHostValue } from '../../api/host-context.ts';
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
  // As text, which stays the same while the receivers' numbers move.
  const received = useHostValue(({ state }) =>
    (state?.receivers ?? []).map(({ sessionId }) => sessionId ?? '').join('\n'),
  );
  const filter = useStore(sessionFilter);
  const shown = useMemo(() => {
    const ids = new Set(received.split('\n'));
    return sessions?.filter((session) => isWanted(session, filter, ids));
  }, [sessions, filter, received]);
  const receive = useCallback(
    (session: SessionInfo) =>
      workbench.openDialog((close) => <ReceiveDialog session={session} onClose={close} />),
    [workbench],
  );
  const openSdp = useCallback(
    (session: SessionInfo) => workbench.openEditor('sdp', `session ${session.id}`, session.name),
    [workbench],
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
        onReceive={receive}
        onSdp={openSdp}
      />
    </Part>
  );
}

function isWanted(
  session: SessionInfo,
  { text, state }: SessionFilter,
  received: ReadonlySet<string>,
): boolean {
  const isOfState = {
    all: () => true,
    announced: () => session.state === 'announced',
    gone: () => session.state === 'gone',
    received: () => received.has(session.id),
    ours: () => session.senderId !== undefined,
  }[state];
  return isOfState() && matchesFilter(session, text);
}
