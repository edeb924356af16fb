import { memo, useRef } from 'react';
import type { ReceiverInfo, SessionInfo } from '@tutti/common';
import { useButton, useDrag } from 'react-aria';
import { useHostValue } from '../../api/host-context.ts';
import { localize, localizeCount } from '../../localize/localize.ts';
import { Ago } from '../../widgets/Ago.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { useNarrow } from '../../widgets/use-narrow.ts';
import { VirtualRows } from '../../widgets/VirtualRows.tsx';
import { rangesText } from '../../widgets/words.ts';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import { sessionDragType } from './drag-session.ts';
import { addressText, lastSeen, providersText, sessionState, streamText } from './session-words.ts';
import './sessions.css';

const rowHeight = 31;
const headingHeight = 24;
/** More rows scroll: hundreds of sessions must not push the receivers out of sight. */
const mostRowsInSight = 9;
/** What all columns need. In less, what is asked for least goes, so that what can be done stays in sight. */
const roomForAll = 1136;

interface Actions {
  readonly onReceive: (session: SessionInfo) => void;
  readonly onSdp: (session: SessionInfo) => void;
}

/** Hundreds of sessions: only the rows in sight are in the document, and their buttons are plain ones: widgets are what scrolling waits for. A row can be dragged to where streams are taken. */
export function SessionsTable(
  props: Actions & {
    readonly sessions: readonly SessionInfo[] | undefined;
    readonly isFiltered: boolean;
  },
) {
  const { onReceive, onSdp } = props;
  const sessions = props.sessions ?? [];
  const [isNarrow, box] = useNarrow(roomForAll);
  if (sessions.length === 0)
    return <NoSessions loading={props.sessions === undefined} filtered={props.isFiltered} />;
  const columns = [
    localize('column.state', 'State'),
    localize('column.name', 'Name'),
    localize('column.format', 'Format'),
    localize('column.address', 'Address'),
    ...(isNarrow ? [] : [localize('column.seenBy', 'Seen by')]),
    localize('column.lastSeen', 'Last seen'),
    localize('column.receivedIn', 'Received in'),
    localize('column.actions', 'Actions'),
  ];
  return (
    <div ref={box} className={isNarrow ? 'session-rows narrow' : 'session-rows'}>
      <VirtualRows
        label={localize('sessions.title', 'Sessions')}
        items={sessions}
        keyOf={({ id }) => id}
        rowName={({ name }) => shortened(name)}
        rowHeight={rowHeight}
        height={headingHeight + rowHeight * Math.min(mostRowsInSight, sessions.length)}
        header={
          <div className="session-cells">
            {columns.map((column) => (
              <span key={column} role="columnheader">
                {column}
              </span>
            ))}
          </div>
        }
        row={(session) => (
          <SessionCells session={session} isNarrow={isNarrow} onReceive={onReceive} onSdp={onSdp} />
        )}
      />
    </div>
  );
}

/** Drawn again only when the session is another object: what else it shows of the host it takes from there itself. */
const SessionCells = memo(function SessionCells({
  session,
  isNarrow,
  onReceive,
  onSdp,
}: Actions & { readonly session: SessionInfo; readonly isNarrow: boolean }) {
  const { streams } = session.description;
  const [stream] = streams;
  const name = shortened(session.name);
  const seen = lastSeen(session);
  const { dragProps, dragButtonProps } = useDrag({
    hasDragButton: true,
    getItems: () => [{ [sessionDragType]: session.id, 'text/plain': session.sdp }],
  });
  const handle = useRef<HTMLButtonElement>(null);
  const { buttonProps } = useButton({ ...dragButtonProps, excludeFromTabOrder: true }, handle);
  return (
    <div className="session-cells" {...dragProps}>
      <span role="gridcell">
        <button
          {...buttonProps}
          ref={handle}
          className="drag-handle"
          aria-label={localize('sessions.drag', 'Drag {0}', name)}
        >
          <Icon name="gripper" />
        </button>
        <StateBadge {...sessionState(session)} />
      </span>
      <span role="rowheader" className="cell-name">
        <Clipped text={session.name} title={name} />
        {session.senderId !== undefined && (
          <span className="tag">{localize('sessions.oursTag', 'ours')}</span>
        )}
        <Remarks problems={session.problems} />
      </span>
      <span role="gridcell">
        {stream && streamText(stream)}
        {streams.length > 1 && <span className="tag">+{streams.length - 1}</span>}
      </span>
      <span role="gridcell" className="mono">
        <Clipped text={stream ? addressText(stream.legs) : ''} />
      </span>
      {!isNarrow && (
        <span role="gridcell">
          <Clipped text={providersText(session)} />
        </span>
      )}
      <span role="gridcell">{seen !== undefined && <Ago at={seen} />}</span>
      <span role="gridcell">
        <ReceivedIn sessionId={session.id} />
      </span>
      <span role="gridcell" className="cell-actions">
        <button
          type="button"
          tabIndex={-1}
          className={isNarrow ? 'button plain only-icon' : 'button plain'}
          aria-label={localize('sessions.receiveOne', 'Receive {0}', name)}
          onClick={() => onReceive(session)}
        >
          <Icon name="arrow-down" />
          {isNarrow ? undefined : localize('sessions.receive', 'Receive')}
        </button>
        <button
          type="button"
          tabIndex={-1}
          className="button quiet only-icon"
          aria-label={localize('sdp.of', 'SDP of {0}', name)}
          onClick={() => onSdp(session)}
        >
          <Icon name="file-code" />
        </button>
        <ThingMenu excludeFromTabOrder place="sessions/item" target={{ session }} name={session.name} />
      </span>
    </div>
  );
});

/** What is too long for its column shows whole on hover. */
function Clipped({ text, title = text }: { readonly text: string; readonly title?: string }) {
  return (
    <bdi className="clip" title={title}>
      {text}
    </bdi>
  );
}

/** A name is outside data and may be as long as a book; nobody listens to that. */
const shortened = (name: string): string => (name.length > 120 ? `${name.slice(0, 120)}…` : name);

/** Says that our reader had something to remark, by a sign, since names need the room; the SDP editor says what. */
function Remarks({ problems }: Pick<SessionInfo, 'problems'>) {
  const count = problems.filter(({ severity }) => severity !== 'info').length;
  if (count === 0) return null;
  const text = localizeCount('sessions.remarks', count, '{0} remark', '{0} remarks');
  return (
    <span className="tag tone-warn" title={text}>
      <Icon name="warning" /> <span className="visually-hidden">{text}</span>
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
