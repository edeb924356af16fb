import type { ReceiverInfo, SessionInfo } from '@tutti/common';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { useHostState } from '../../api/host-context.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Ago } from '../../widgets/Ago.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { rangesText } from '../../widgets/words.ts';
import {
  addressText,
  lastSeen,
  matchesFilter,
  providersText,
  sessionState,
  streamText,
} from './session-words.ts';

export function SessionsTable(props: {
  readonly sessions: readonly SessionInfo[] | undefined;
  /** What a person typed to see fewer; empty shows all. */
  readonly filter: string;
  readonly onReceive: (sessionId: string) => void;
  readonly onSdp: (sessionId: string) => void;
}) {
  const receivers = useHostState('receivers') ?? [];
  return (
    <div className="table-scroll bounded">
      <Table aria-label="Sessions" className="table">
        <TableHeader>
          <Column>State</Column>
          <Column isRowHeader>Name</Column>
          <Column>Format</Column>
          <Column>Address</Column>
          <Column>Seen by</Column>
          <Column>Last seen</Column>
          <Column>Received in</Column>
          <Column>Actions</Column>
        </TableHeader>
        <TableBody
          items={(props.sessions ?? []).filter((session) => matchesFilter(session, props.filter))}
          dependencies={[receivers, props.onReceive, props.onSdp]}
          renderEmptyState={() => <NoSessions loading={props.sessions === undefined} filter={props.filter} />}
        >
          {(session) => (
            <Row textValue={session.name}>
              <Cell>
                <StateBadge {...sessionState(session)} />
              </Cell>
              <Cell className="cell-name">
                {session.name}
                {session.senderId !== undefined && <span className="tag">ours</span>}
                <Remarks problems={session.problems} />
              </Cell>
              <Cell>
                {session.description.streams.map((stream, index) => (
                  <div key={`${index}:${stream.legs[0]?.address}`}>{streamText(stream)}</div>
                ))}
              </Cell>
              <Cell className="mono">
                {session.description.streams.map((stream, index) => (
                  <div key={`${index}:${stream.legs[0]?.address}`}>{addressText(stream.legs)}</div>
                ))}
              </Cell>
              <Cell>{providersText(session)}</Cell>
              <Cell>{lastSeen(session) !== undefined && <Ago at={lastSeen(session) ?? ''} />}</Cell>
              <Cell>{receivedIn(session, receivers)}</Cell>
              <Cell className="cell-actions">
                <ActionButton
                  icon="arrow-down"
                  aria-label={`Receive ${session.name}`}
                  onPress={() => props.onReceive(session.id)}
                >
                  Receive
                </ActionButton>
                <ActionButton
                  kind="quiet"
                  icon="file-code"
                  aria-label={`SDP of ${session.name}`}
                  onPress={() => props.onSdp(session.id)}
                />
              </Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  );
}

/** Says that our reader had something to remark; the SDP dialog says what. */
function Remarks({ problems }: Pick<SessionInfo, 'problems'>) {
  const count = problems.filter(({ severity }) => severity !== 'info').length;
  if (count === 0) return null;
  return (
    <span className="tag tone-warn">
      <Icon name="warning" /> {count === 1 ? '1 remark' : `${count} remarks`}
    </span>
  );
}

function receivedIn(session: SessionInfo, receivers: readonly ReceiverInfo[]): string {
  const inputs = receivers
    .filter(({ sessionId }) => sessionId === session.id)
    .flatMap(({ map }) => map.map(([, input]) => input));
  return inputs.length === 0 ? '' : rangesText(inputs);
}

function NoSessions({ loading, filter }: { readonly loading: boolean; readonly filter: string }) {
  const interfaces = useHostState('status')?.interfaces.map(({ name }) => name) ?? [];
  if (loading) return <p className="empty">Waiting for the host…</p>;
  if (filter.trim() !== '') return <p className="empty">No session matches “{filter}”.</p>;
  return (
    <p className="empty">
      Nothing is announced yet. Listening on {interfaces.length > 0 ? interfaces.join(', ') : 'no interface'};
      many devices announce only every 30 seconds. You can also paste an SDP.
    </p>
  );
}
