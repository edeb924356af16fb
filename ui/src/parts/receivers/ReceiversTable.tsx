import type { ReceiverInfo } from '@tutti/common';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { faultCount, packetsText } from '../../widgets/counters.ts';
import { FaultCount } from '../../widgets/FaultCount.tsx';
import { MapText } from '../../widgets/MapText.tsx';
import { StreamName } from '../../widgets/StreamName.tsx';
import { formatText } from '../../widgets/words.ts';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import { arrivalMarginMs, shownFaults, timingText } from './counters.ts';
import { HealthButton } from './HealthButton.tsx';
import { Margin } from './Margin.tsx';

export function ReceiversTable(props: {
  readonly receivers: readonly ReceiverInfo[] | undefined;
  readonly onHealth: (id: string) => void;
  readonly onCounters: (id: string) => void;
  readonly onRemove: (id: string) => void;
}) {
  const columns = shownFaults(props.receivers ?? []);
  return (
    <div className="table-scroll">
      <Table aria-label={localize('receivers.title', 'Receivers')} className="table">
        <TableHeader>
          <Column>{localize('health.column', 'Health')}</Column>
          <Column isRowHeader>{localize('column.name', 'Name')}</Column>
          <Column>{localize('column.format', 'Format')}</Column>
          <Column>{localize('column.toInputs', 'Channels to inputs')}</Column>
          <Column>{localize('column.linkOffset', 'Link offset')}</Column>
          <Column className="number">{localize('column.margin', 'Margin')}</Column>
          <Column className="number">{localize('column.packets', 'Packets')}</Column>
          {columns.map(({ id, title, meaning }) => (
            <Column key={id} id={id} className="number">
              <abbr title={meaning}>{title}</abbr>
            </Column>
          ))}
          <Column>{localize('column.actions', 'Actions')}</Column>
        </TableHeader>
        <TableBody
          items={props.receivers ?? []}
          dependencies={[props.onHealth, props.onCounters, props.onRemove, columns.length]}
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
            <Row textValue={receiver.name} className={`health-row ${receiver.health.overall}`}>
              <Cell>
                <HealthButton receiver={receiver} onPress={() => props.onHealth(receiver.id)} />
              </Cell>
              <Cell className="cell-name">
                <StreamName {...receiver} />
              </Cell>
              <Cell>{formatText(receiver)}</Cell>
              <Cell>
                <MapText map={receiver.map} />
              </Cell>
              <Cell>
                {receiver.linkOffsetMs} ms
                <div className="cell-detail">{timingText(receiver)}</div>
              </Cell>
              <Cell className="number">
                <Margin ms={arrivalMarginMs(receiver.counters)} />
              </Cell>
              <Cell className="number">{packetsText(receiver.counters)}</Cell>
              {columns.map((column) => (
                <Cell key={column.id} className="number">
                  <FaultCount
                    count={faultCount(receiver.counters, column)}
                    harmless={column.harmless ?? false}
                  />
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
                  onPress={() => props.onCounters(receiver.id)}
                />
                <ActionButton
                  kind="quiet"
                  icon="trash"
                  aria-label={localize('receivers.removeOne', 'Remove receiver {0}', receiver.name)}
                  onPress={() => props.onRemove(receiver.id)}
                />
                <ThingMenu place="receivers/item" target={{ receiver }} name={receiver.name} />
              </Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  );
}
