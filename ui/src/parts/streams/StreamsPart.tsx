import { localize } from '../../localize/localize.ts';
import { PartBoundary } from '../../workbench/PartBoundary.tsx';
import { ReceiversPart } from '../receivers/ReceiversPart.tsx';
import { SendersPart } from '../senders/SendersPart.tsx';
import { SessionsPart } from '../sessions/SessionsPart.tsx';

/** What is on the network, what of it we receive, and what we send. */
export function StreamsPart() {
  return (
    <div className="parts">
      <PartBoundary name={localize('sessions.title', 'Sessions')}>
        <SessionsPart />
      </PartBoundary>
      <PartBoundary name={localize('receivers.title', 'Receivers')}>
        <ReceiversPart />
      </PartBoundary>
      <PartBoundary name={localize('senders.title', 'Senders')}>
        <SendersPart />
      </PartBoundary>
    </div>
  );
}
