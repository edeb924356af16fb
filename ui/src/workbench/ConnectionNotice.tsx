import { localize } from '../localize/localize.ts';
import { useHostValue } from '../api/host-context.ts';
import { Ago } from '../widgets/Ago.tsx';
import { Icon } from '../widgets/Icon.tsx';
import { ProblemNotice } from '../widgets/ProblemNotice.tsx';

/** Says that what is shown is old, or why nothing is. Audio does not need the page, and this says so. */
export function ConnectionNotice() {
  const connection = useHostValue((view) => view.connection);
  const since = useHostValue((view) => view.since);
  const refused = useHostValue((view) => view.refused);
  if (connection === 'live') return null;
  if (refused?.code === 'permission') {
    return (
      <div className="connection-notice">
        <ProblemNotice problem={refused} alert />
      </div>
    );
  }
  if (connection === 'connecting' && !refused) return null;
  return (
    <div className="connection-notice notice tone-warn">
      <Icon name="debug-disconnect" />
      <p>
        <strong>{localize('connection.lost', 'No connection to the host. Reconnecting…')}</strong>{' '}
        {connection === 'reconnecting' && (
          <>
            {localize(
              'connection.heard',
              'Last heard from it at {0}',
              new Date(since).toLocaleTimeString('en-GB'),
            )}{' '}
            (
            <Ago at={since} />
            ). {localize('connection.plays', 'The engine plays on without the page.')}
          </>
        )}
      </p>
    </div>
  );
}
