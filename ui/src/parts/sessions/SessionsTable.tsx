import type { ReceiverInfo, SessionInfo } from '@tutti/common';
import {
  Button,
  Cell,
  Column,
  Row,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  useDragAndDrop,
  Virtualizer,
} from 'react-aria-components';
import { useHostValue } from '../../api/host-context.ts';
import { localize, localizeCount } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Ago } from '../../widgets/Ago.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { useNarrow } from '../../widgets/use-narrow.ts';
import { rangesText } from '../../widgets/words.ts';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import { sessionDragType } from './drag-session.ts';
import { addressText, lastSeen, providersText, sessionState, streamText } from './session-words.ts';

const rowHeight = 31;
const headingHeight = 24;
/** More rows scroll: hundreds of sessions must not push the receivers out of sight. */
const mostRowsInSight = 9;
/** What all columns need. In less, what is asked for least goes, so that what can be done stays in sight. */
const roomForAll = 1136;

/**
 * Hundreds of sessions: only the rows in sight are in the document. A row can be dragged to where streams are taken.
 *
 * The widgets' library goes through every session, in sight or not, to build a row anew; it keeps the rows of sessions that are the same
 * objects as long as what the rows depend on is. So no row may depend on what moves: the callbacks must stay the same functions, and what
 * a cell shows of receivers it takes from the host itself.
 */
export function SessionsTable(props: {
  readonly sessions: readonly SessionInfo[] | undefined;
  readonly isFiltered: boolean;
  readonly onReceive: (session: SessionInfo) => void;
  readonly onSdp: (session: SessionInfo) => void;
}) {
  const sessions = props.sessions ?? [];
  const [isNarrow, box] = useNarrow(roomForAll);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) =>
      [...keys].map((key) => ({
        [sessionDragType]: String(key),
        'text/plain': sessions.find(({ id }) => id === key)?.sdp ?? '',
      })),
  });
  if (sessions.length === 0)
    return <NoSessions loading={props.sessions === undefined} filtered={props.isFiltered} />;
  const height = headingHeight + rowHeight * Math.min(mostRowsInSight, sessions.length) + 2;
  return (
    <div ref={box}>
      <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight, headingHeight }}>
        <Table
          aria-label={localize('sessions.title', 'Sessions')}
          className="table virtual-table"
          style={{ height }}
          dragAndDropHooks={dragAndDropHooks}
        >
          <TableHeader>
            <Column width={140}>{localize('column.state', 'State')}</Column>
            <Column isRowHeader minWidth={isNarrow ? 130 : 180} width="2fr">
              {localize('column.name', 'Name')}
            </Column>
            <Column width={190}>{localize('column.format', 'Format')}</Column>
            <Column minWidth={150} width="1fr">
              {localize('column.address', 'Address')}
            </Column>
            {!isNarrow && (
              <Column minWidth={120} width="1fr">
                {localize('column.seenBy', 'Seen by')}
              </Column>
            )}
            <Column width={86}>{localize('column.lastSeen', 'Last seen')}</Column>
            <Column width={isNarrow ? 92 : 100}>{localize('column.receivedIn', 'Received in')}</Column>
            <Column width={isNarrow ? 112 : 170}>{localize('column.actions', 'Actions')}</Column>
          </TableHeader>
          <TableBody items={sessions} dependencies={[props.onReceive, props.onSdp, isNarrow]}>
            {(session) => {
              const { streams } = session.description;
              const [stream] = streams;
              return (
                <Row textValue={session.name}>
                  <Cell>
                    <Button
                      slot="drag"
                      className="drag-handle"
                      aria-label={localize('sessions.drag', 'Drag {0}', shortened(session.name))}
                    >
                      <Icon name="gripper" />
                    </Button>
                    <StateBadge {...sessionState(session)} />
                  </Cell>
                  <Cell className="cell-name">
                    <bdi title={shortened(session.name)}>{session.name}</bdi>
                    {session.senderId !== undefined && (
                      <span className="tag">{localize('sessions.oursTag', 'ours')}</span>
                    )}
                    <Remarks problems={session.problems} />
                  </Cell>
                  <Cell>
                    {stream && streamText(stream)}
                    {streams.length > 1 && <span className="tag">+{streams.length - 1}</span>}
                  </Cell>
                  <Cell className="mono">
                    <Clipped text={stream ? addressText(stream.legs) : ''} />
                  </Cell>
                  {!isNarrow && (
                    <Cell>
                      <Clipped text={providersText(session)} />
                    </Cell>
                  )}
                  <Cell>{lastSeen(session) !== undefined && <Ago at={lastSeen(session) ?? ''} />}</Cell>
                  <Cell>
                    <ReceivedIn sessionId={session.id} />
                  </Cell>
                  <Cell className="cell-actions">
                    <ActionButton
                      icon="arrow-down"
                      aria-label={localize('sessions.receiveOne', 'Receive {0}', shortened(session.name))}
                      onPress={() => props.onReceive(session)}
                    >
                      {isNarrow ? undefined : localize('sessions.receive', 'Receive')}
                    </ActionButton>
                    <ActionButton
                      kind="quiet"
                      icon="file-code"
                      aria-label={localize('sdp.of', 'SDP of {0}', shortened(session.name))}
                      onPress={() => props.onSdp(session)}
                    />
                    <ThingMenu place="sessions/item" target={{ session }} name={session.name} />
                  </Cell>
                </Row>
              );
            }}
          </TableBody>
        </Table>
      </Virtualizer>
    </div>
  );
}

/** What is too long for its column shows whole on hover. */
function Clipped({ text }: { readonly text: string }) {
  return (
    <bdi className="clip" title={text}>
      {text}
    </bdi>
  );
}

/** A name is outside data and may be as long as a book; nobody listens to that. */
const shortened = (name: string): string => (name.length > 120 ? `${name.slice(0, 120)}…` : name);

/** Says that our reader had something to remark; the SDP editor says what. */
function Remarks({ problems }: Pick<SessionInfo, 'problems'>) {
  const count = problems.filter(({ severity }) => severity !== 'info').length;
  if (count === 0) return null;
  return (
    <span className="tag tone-warn">
      <Icon name="warning" /> {localizeCount('sessions.remarks', count, '{0} remark', '{0} remarks')}
    </span>
  );
}

function ReceivedIn({ sessionId }: { readonly sessionId: string }) {
  return useHostValue(({ state }) => inputsText(sessionId, state?.receivers ?? []));
}

function inputsText(sessionId: string, receivers: readonly ReceiverInfo[]): string {
  const inputs = receivers
    .filter((receiver) => receiver.sessionId === sessionId)
    .flatMap(({ map }) => map.map(([, input]) => input));
  return inputs.length === 0 ? '' : rangesText(inputs);
}

function NoSessions({ loading, filtered }: { readonly loading: boolean; readonly filtered: boolean }) {
  const interfaces = useHostValue(({ state }) => state?.status.interfaces) ?? [];
  return (
    <p className="empty padded">
      {loading
        ? localize('waiting', 'Waiting for the host…')
        : filtered
          ? localize('sessions.none', 'No session matches the filter.')
          : localize(
              'sessions.nothing',
              'Nothing is announced yet. Listening on {0}; many devices announce only every 30 seconds. You can also paste or drop an SDP here.',
              interfaces.map(({ name }) => name).join(', ') ||
                localize('sessions.noInterface', 'no interface'),
            )}
    </p>
  );
}
