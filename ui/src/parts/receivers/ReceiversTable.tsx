import { memo } from 'react';
import type { ReceiverInfo } from '@tutti/common';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import type { FaultColumn } from '../../widgets/counters.ts';
import { MapText } from '../../widgets/MapText.tsx';
import { StreamName } from '../../widgets/StreamName.tsx';
import { useNarrow } from '../../widgets/use-narrow.ts';
import { without } from '../../widgets/without.ts';
import { formatText } from '../../widgets/words.ts';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import { FaultCell, HealthCell, MarginCell, PacketsCell, TimingCell } from './live-cells.tsx';

/** A receiver without what moves twice a second: that is what its row is built from. */
export type SettledReceiver = Omit<ReceiverInfo, 'counters' | 'health'> & {
  readonly overall: ReceiverInfo['health']['overall'];
};

export function settled(receiver: ReceiverInfo): SettledReceiver {
  return { ...without(receiver, 'counters', 'health'), overall: receiver.health.overall };
}

/** What all columns need. In less, the format stands below the name, and packets are among the counters only. */
const roomForAll = 1140;

export type ReceiverDialog = 'health' | 'counters' | 'remove';

/** Drawn again when something of a receiver other than its numbers changes. */
export const ReceiversTable = memo(function ReceiversTable(props: {
  readonly receivers: readonly SettledReceiver[] | undefined;
  /** Faults that are worth a column. */
  readonly columns: readonly FaultColumn[];
  readonly onOpen: (dialog: ReceiverDialog, id: string) => void;
}) {
  const host = useHost();
  const { columns, onOpen } = props;
  const [isNarrow, box] = useNarrow(roomForAll);
  return (
    <div className="table-scroll" ref={box}>
      <Table aria-label={localize('receivers.title', 'Receivers')} className="table">
        <TableHeader>
          <Column>{localize('health.column', 'Health')}</Column>
          <Column isRowHeader>{localize('column.name', 'Name')}</Column>
          {!isNarrow && <Column>{localize('column.format', 'Format')}</Column>}
          <Column>{localize('column.toInputs', 'Channels to inputs')}</Column>
          <Column>{localize('column.linkOffset', 'Link offset')}</Column>
          <Column className="number">{localize('column.margin', 'Margin')}</Column>
          {!isNarrow && <Column className="number">{localize('column.packets', 'Packets')}</Column>}
          {columns.map(({ id, title, meaning }) => (
            <Column key={id} id={id} className="number">
              <abbr title={meaning}>{title}</abbr>
            </Column>
          ))}
          <Column>{localize('column.actions', 'Actions')}</Column>
        </TableHeader>
        <TableBody
          items={props.receivers ?? []}
          dependencies={[onOpen, columns, isNarrow]}
          renderEmptyState={() => (
            <p className="empty">
              {localize(
                'receivers.none',
                'Nothing is received. Choose “Receive” beside a session above, or drop a session or an SDP here.',
              )}
            </p>
          )}
        >
          {(receiver) => (
            <Row textValue={receiver.name} className={`health-row ${receiver.overall}`}>
              <Cell>
                <HealthCell
                  id={receiver.id}
                  name={receiver.name}
                  onPress={() => onOpen('health', receiver.id)}
                />
              </Cell>
              <Cell className="cell-name">
                <StreamName {...receiver} format={isNarrow ? formatText(receiver) : undefined} />
              </Cell>
              {!isNarrow && <Cell>{formatText(receiver)}</Cell>}
              <Cell>
                <MapText map={receiver.map} />
              </Cell>
              <Cell>
                {receiver.linkOffsetMs} ms
                <div className="cell-detail">
                  <TimingCell id={receiver.id} />
                </div>
              </Cell>
              <Cell className="number">
                <MarginCell id={receiver.id} />
              </Cell>
              {!isNarrow && (
                <Cell className="number">
                  <PacketsCell id={receiver.id} />
                </Cell>
              )}
              {columns.map((column) => (
                <Cell key={column.id} className="number">
                  <FaultCell id={receiver.id} column={column} />
                </Cell>
              ))}
              <Cell className="cell-actions">
                <ActionButton
                  kind="quiet"
                  icon="list-flat"
                  aria-label={localize(
                    'receivers.countersOne',
                    'All counters of receiver {0}',
                    receiver.name,
                  )}
                  onPress={() => onOpen('counters', receiver.id)}
                />
                <ActionButton
                  kind="quiet"
                  icon="trash"
                  aria-label={localize('receivers.removeOne', 'Remove receiver {0}', receiver.name)}
                  onPress={() => onOpen('remove', receiver.id)}
                />
                <ThingMenu
                  place="receivers/item"
                  target={() => {
                    const now = host.getView().state?.receivers.find(({ id }) => id === receiver.id);
                    return now ? { receiver: now } : {};
                  }}
                  name={receiver.name}
                />
              </Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  );
});
