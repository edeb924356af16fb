import { memo } from 'react';
import type { SenderInfo } from '@tutti/common';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { useHost, useStream } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { faultCount, packetsText, type FaultColumn } from '../../widgets/counters.ts';
import { FaultCount } from '../../widgets/FaultCount.tsx';
import { MapText } from '../../widgets/MapText.tsx';
import { runStates } from '../../widgets/run-state.ts';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { StreamName } from '../../widgets/StreamName.tsx';
import { useNarrow } from '../../widgets/use-narrow.ts';
import { without } from '../../widgets/without.ts';
import { formatText } from '../../widgets/words.ts';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';

const senderFaults: readonly FaultColumn[] = [
  {
    id: 'skipped',
    title: localize('counter.skipped', 'Skipped'),
    meaning: localize('counter.skipped.meaning', 'Packets that could not leave in time'),
    of: ['skipped'],
  },
  {
    id: 'sendErrors',
    title: localize('counter.errors', 'Errors'),
    meaning: localize('counter.errors.meaning', 'Packets that the operating system refused to send'),
    of: ['sendErrors'],
  },
];

/** What all columns need. In less, the format stands below the name. */
const roomForAll = 1110;

/** A sender without what moves twice a second: that is what its row is built from. */
export type SettledSender = Omit<SenderInfo, 'counters'>;

export const settled = (sender: SenderInfo): SettledSender => without(sender, 'counters');

/** Drawn again when something of a sender other than its numbers changes. */
export const SendersTable = memo(function SendersTable(props: {
  readonly senders: readonly SettledSender[] | undefined;
  readonly onSdp: (sender: SettledSender) => void;
  readonly onRemove: (sender: SettledSender) => void;
}) {
  const host = useHost();
  const [isNarrow, box] = useNarrow(roomForAll);
  return (
    <div className="table-scroll" ref={box}>
      <Table aria-label={localize('senders.title', 'Senders')} className="table">
        <TableHeader>
          <Column>{localize('column.state', 'State')}</Column>
          <Column isRowHeader>{localize('column.name', 'Name')}</Column>
          {!isNarrow && <Column>{localize('column.format', 'Format')}</Column>}
          <Column>{localize('column.toChannels', 'Outputs to channels')}</Column>
          <Column>{localize('column.payloadType', 'Payload type')}</Column>
          <Column>{localize('column.dscpTtl', 'DSCP, TTL')}</Column>
          <Column className="number">{localize('column.packets', 'Packets')}</Column>
          {senderFaults.map(({ id, title, meaning }) => (
            <Column key={id} id={id} className="number">
              <abbr title={meaning}>{title}</abbr>
            </Column>
          ))}
          <Column>{localize('column.actions', 'Actions')}</Column>
        </TableHeader>
        <TableBody
          items={props.senders ?? []}
          dependencies={[props.onSdp, props.onRemove, isNarrow]}
          renderEmptyState={() => (
            <p className="empty">
              {localize('senders.none', 'Nothing is sent. “Add sender” starts a stream.')}
            </p>
          )}
        >
          {(sender) => (
            <Row textValue={sender.name}>
              <Cell>
                <StateBadge {...runStates[sender.state]} />
              </Cell>
              <Cell className="cell-name">
                <StreamName {...sender} format={isNarrow ? formatText(sender) : undefined} />
              </Cell>
              {!isNarrow && <Cell>{formatText(sender)}</Cell>}
              <Cell>
                <MapText map={sender.map} />
              </Cell>
              <Cell>{sender.payloadType}</Cell>
              <Cell>
                {sender.dscp}, {sender.ttl}
              </Cell>
              <Cell className="number">
                <PacketsCell id={sender.id} />
              </Cell>
              {senderFaults.map((column) => (
                <Cell key={column.id} className="number">
                  <FaultCell id={sender.id} column={column} />
                </Cell>
              ))}
              <Cell className="cell-actions">
                <ActionButton
                  kind="quiet"
                  icon="file-code"
                  aria-label={localize('senders.sdpOne', 'SDP of sender {0}', sender.name)}
                  onPress={() => props.onSdp(sender)}
                />
                <ActionButton
                  kind="quiet"
                  icon="trash"
                  aria-label={localize('senders.removeOne', 'Remove sender {0}', sender.name)}
                  onPress={() => props.onRemove(sender)}
                />
                <ThingMenu
                  place="senders/item"
                  target={() => {
                    const now = host.getView().state?.senders.find(({ id }) => id === sender.id);
                    return now ? { sender: now } : {};
                  }}
                  name={sender.name}
                />
              </Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  );
});

// What moves in a row. Each takes it from the host itself and is drawn again alone: to build a row anew is what costs.

const PacketsCell = ({ id }: { readonly id: string }) =>
  useStream('senders', id, ({ counters }) => packetsText(counters));

const FaultCell = ({ id, column }: { readonly id: string; readonly column: FaultColumn }) => (
  <FaultCount count={useStream('senders', id, ({ counters }) => faultCount(counters, column))} />
);
