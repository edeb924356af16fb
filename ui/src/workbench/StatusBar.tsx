import { useHostState, useHostView } from '../api/host-context.ts';
import { Icon } from '../widgets/Icon.tsx';
import { StateBadge } from '../widgets/StateBadge.tsx';
import { rateText } from '../widgets/words.ts';
import { NoticesButton } from './NoticesButton.tsx';
import { clockItem, engineItem } from './status-words.ts';

const connections = {
  live: { tone: 'ok', icon: 'plug', text: 'Connected' },
  connecting: { tone: 'warn', icon: 'sync', text: 'Connecting' },
  reconnecting: { tone: 'warn', icon: 'debug-disconnect', text: 'Reconnecting' },
} as const;

/** The state of the machine at a glance: connection, clock, rate, engine, interfaces, who uses the device. */
export function StatusBar() {
  const { connection } = useHostView();
  const status = useHostState('status');
  const clients = status?.device.clients ?? [];
  const applications = [...new Map(clients.map(({ pid, name }) => [pid, name])).values()];
  return (
    <footer className="status-bar">
      <ul aria-label="Status">
        <li>
          <StateBadge {...connections[connection]} />
        </li>
        {status && (
          <>
            <li>
              <StateBadge {...clockItem(status.clock)} />
            </li>
            <li>{rateText(status.device.rate)}</li>
            <li>
              <StateBadge {...engineItem(status)} />
            </li>
            {status.interfaces.length === 0 && (
              <li>
                <StateBadge tone="warn" icon="warning" text="No network interface" />
              </li>
            )}
            {status.interfaces.map(({ name, address }) => (
              <li key={name}>
                <Icon name="server-environment" /> {name} {address}
              </li>
            ))}
            <li title={applications.join(', ')}>
              <Icon name="vm" /> {applicationsText(applications.length)}
            </li>
            {status.notices.length > 0 && (
              <li>
                <NoticesButton notices={status.notices} />
              </li>
            )}
          </>
        )}
      </ul>
    </footer>
  );
}

function applicationsText(count: number): string {
  if (count === 0) return 'no application';
  return count === 1 ? '1 application' : `${count} applications`;
}
