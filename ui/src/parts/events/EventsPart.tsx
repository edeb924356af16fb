import { useMemo, useState } from 'react';
import { localize, localizeCount } from '../../localize/localize.ts';
import { BarChoice } from '../../widgets/BarChoice.tsx';
import { FilterInput } from '../../widgets/FilterInput.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { VirtualRows } from '../../widgets/VirtualRows.tsx';
import { filterEvents, levelFaces, levelWord, timeText, type Level } from './event-words.ts';
import { useEvents } from './use-events.ts';
import './events.css';

const levels: readonly Level[] = ['info', 'warning', 'error'];

/** What happened, one line a change of state, newest last. */
export function EventsPart() {
  const events = useEvents();
  const [text, setText] = useState('');
  const [least, setLeast] = useState<Level>('info');
  const shown = useMemo(() => filterEvents(events, least, text), [events, least, text]);
  return (
    <div className="events">
      <div className="bar">
        <FilterInput
          label={localize('events.filter', 'Filter events')}
          placeholder={localize('filter', 'Filter')}
          value={text}
          onChange={setText}
        />
        <BarChoice
          label={localize('events.least', 'From level')}
          choices={levels.map((id) => ({ id, text: levelWord(id) }))}
          value={least}
          onChange={setLeast}
        />
        <span className="quiet">
          {localizeCount('events.count', shown.length, '{0} event', '{0} events')}
        </span>
      </div>
      <VirtualRows
        isText
        label={localize('events.title', 'Events')}
        className="event-rows"
        items={shown}
        keyOf={({ id }) => id}
        rowHeight={24}
        follow
        header={
          <>
            <span role="columnheader">{localize('events.time', 'Time')}</span>
            <span role="columnheader">{localize('events.level', 'Level')}</span>
            <span role="columnheader">{localize('events.source', 'Source')}</span>
            <span role="columnheader">{localize('events.message', 'Message')}</span>
            <span role="columnheader">{localize('events.code', 'Code')}</span>
          </>
        }
        row={({ at, level, source, code, message }) => (
          <>
            <time role="cell" className="mono quiet" dateTime={at} title={at}>
              {timeText(at)}
            </time>
            <span role="cell">
              <StateBadge {...levelFaces[level]} text={levelWord(level)} />
            </span>
            <bdi role="cell" className="quiet">
              {source}
            </bdi>
            <bdi role="cell" title={message}>
              {message}
            </bdi>
            <bdi role="cell" className="mono quiet">
              {code}
            </bdi>
          </>
        )}
      />
    </div>
  );
}
