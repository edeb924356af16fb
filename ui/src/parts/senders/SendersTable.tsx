import type { SenderInfo } from '@tutti/common';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { faultCount, packetsText, type FaultColumn } from '../../widgets/counters.ts';
import { FaultCount } from '../../widgets/FaultCount.tsx';
import { MapText } from '../../widgets/MapText.tsx';
import { runStates } from '../../widgets/run-state.ts';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { StreamName } from '../../widgets/StreamName.tsx';
import { formatText } from '../../widgets/words.ts';

const senderFaults: readonly FaultColumn[] = [
  { id: 'skipped', title: 'Skipped', meaning: 'Packets that could not leave in time', of: ['skipped'] },
  {
    id: 'sendErrors',
    title: 'Errors',
    meaning: 'Packets that the operating system refused to send',
    of: ['sendErrors'],
  },
];

export function SendersTable(props: {
  readonly senders: readonly SenderInfo[] | undefined;
  readonly onSdp: (id: string) => void;
  readonly onRemove: (id: string) => void;
}) {
  return (
    <div className="table-scroll">
      <Table aria-label="Senders" className="table">
        <TableHeader>
          <Column>State</Column>
          <Column isRowHeader>Name</Column>
          <Column>Format</Column>
          <Column>Outputs to channels</Column>
          <Column>Payload type</Column>
          <Column>DSCP, TTL</Column>
          <Column className="number">Packets</Column>
          {senderFaults.map(({ id, title, meaning }) => (
            <Column key={id} id={id} className="number">
              <abbr title={meaning}>{title}</abbr>
            </Column>
          ))}
          <Column>Actions</Column>
        </TableHeader>
        <TableBody
          items={props.senders ?? []}
          dependencies={[props.onSdp, props.onRemove]}
          renderEmptyState={() => <p className="empty">Nothing is sent. “Add sender” starts a stream.</p>}
        >
          {(sender) => (
            <Row textValue={sender.name}>
              <Cell>
                <StateBadge {...runStates[sender.state]} />
              </Cell>
              <Cell className="cell-name">
                <StreamName {...sender} />
              </Cell>
              <Cell>{formatText(sender)}</Cell>
              <Cell>
                <MapText map={sender.map} />
              </Cell>
              <Cell>{sender.payloadType}</Cell>
              <Cell>
                {sender.dscp}, {sender.ttl}
              </Cell>
              <Cell className="number">{packetsText(sender.counters)}</Cell>
              {senderFaults.map((column) => (
                <Cell key={column.id} className="number">
                  <FaultCount count={faultCount(sender.counters, column)} />
                </Cell>
              ))}
              <Cell className="cell-actions">
                <ActionButton
                  kind="quiet"
                  icon="file-code"
                  aria-label={`SDP of sender ${sender.name}`}
                  onPress={() => props.onSdp(sender.id)}
                />
                <ActionButton
                  kind="quiet"
                  icon="trash"
                  aria-label={`Remove sender ${sender.name}`}
                  onPress={() => props.onRemove(sender.id)}
                />
              </Cell>
            </Row>
          )}
        </TableBody>
      </Table>
    </div>
  );
}
