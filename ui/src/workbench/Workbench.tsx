import { useEffect } from 'react';
import { useHostState, useHostView } from '../api/host-context.ts';
import { MetersPart } from '../parts/meters/MetersPart.tsx';
import { ReceiversPart } from '../parts/receivers/ReceiversPart.tsx';
import { SendersPart } from '../parts/senders/SendersPart.tsx';
import { SessionsPart } from '../parts/sessions/SessionsPart.tsx';
import { Announcer } from './Announcer.tsx';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { PartBoundary } from './PartBoundary.tsx';
import { StatusBar } from './StatusBar.tsx';
import { TitleBar } from './TitleBar.tsx';
import './workbench.css';

/** The whole window: title bar, the parts, the meter bridge that is always in sight, status bar. */
export function Workbench() {
  const { connection } = useHostView();
  const name = useHostState('status')?.device.name;
  useEffect(() => {
    const lost = connection === 'reconnecting' ? 'Reconnecting: ' : '';
    document.title = `${lost}${name === undefined ? '' : `${name} – `}Tutti`;
  }, [connection, name]);
  return (
    <div className="workbench" data-connection={connection}>
      <a className="skip-link" href="#parts">
        Skip to content
      </a>
      <TitleBar />
      <ConnectionNotice />
      <main id="parts" tabIndex={-1}>
        <div className="parts">
          <PartBoundary name="Sessions">
            <SessionsPart />
          </PartBoundary>
          <PartBoundary name="Receivers">
            <ReceiversPart />
          </PartBoundary>
          <PartBoundary name="Senders">
            <SendersPart />
          </PartBoundary>
        </div>
        <div className="meter-dock">
          <PartBoundary name="Meters">
            <MetersPart />
          </PartBoundary>
        </div>
      </main>
      <StatusBar />
      <Announcer />
    </div>
  );
}
