import type { ClockEvent } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { csvText } from '../../widgets/csv.ts';
import { Icon } from '../../widgets/Icon.tsx';
import { saveFile } from '../../widgets/save-file.ts';
import { eventIcon } from './clock-words.ts';

/** What happened to the clock, latest first. */
export function ClockEvents({ events }: { readonly events: readonly ClockEvent[] }) {
  const title = localize('clock.events', 'Events');
  const save = (): void => {
    const rows = events.map(({ at, kind, message }) => [at, kind, message]);
    saveFile(
      'clock events.csv',
      new Blob([csvText(['time', 'kind', 'message'], rows)], { type: 'text/csv' }),
    );
  };
  return (
    <section className="clock-events">
      <header>
        <h3>{title}</h3>
        <ActionButton
          kind="quiet"
          icon="save"
          aria-label={localize('clock.saveEvents', 'Save events as CSV')}
          onPress={save}
        />
      </header>
      <ol aria-label={title} tabIndex={0}>
        {events.toReversed().map((event, i) => (
          <li key={events.length - i}>
            <Icon name={eventIcon(event)} />
            <time dateTime={event.at}>{new Date(event.at).toLocaleTimeString('en-GB')}</time>
            <span>{event.message}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
