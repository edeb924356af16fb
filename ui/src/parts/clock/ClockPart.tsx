import { useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useHostValue } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { Part } from '../../widgets/Part.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import { clockItem } from '../../workbench/status-words.ts';
import { ClockCharts } from './ClockCharts.tsx';
import { ClockEvents } from './ClockEvents.tsx';
import { ClockFacts } from './ClockFacts.tsx';
import { ElectionTable } from './ElectionTable.tsx';
import { useClockDetails } from './use-clock-details.ts';
import './clock.css';

/** Seconds of history that are shown. */
const spans = [60, 600, 3600] as const;

/** The media clock: what it follows, how well, since when, and who else stood for election. */
export function ClockPart() {
  const clock = useHostValue(({ state }) => state?.status.clock);
  const details = useClockDetails();
  const [seconds, setSeconds] = useState<number>(600);
  return (
    <Part
      title={localize('clock.title', 'Clock')}
      icon="watch"
      summary={clock && <StateBadge {...clockItem(clock)} />}
      actions={
        <>
          <ToggleButtonGroup
            className="segmented"
            aria-label={localize('clock.span', 'Time shown')}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[String(seconds)]}
            onSelectionChange={(keys) => setSeconds(Number([...keys][0] ?? seconds))}
          >
            {spans.map((span) => (
              <ToggleButton key={span} id={String(span)} className="button">
                {span < 3600
                  ? localize('clock.minutes', '{0} min', span / 60)
                  : localize('clock.hour', '1 h')}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          {clock && (
            <ThingMenu place="clock/item" target={{ clock }} name={localize('clock.title', 'Clock')} />
          )}
        </>
      }
    >
      {details && (
        <div className="clock">
          <ClockFacts details={details} />
          <ClockCharts details={details} seconds={seconds} />
          <ElectionTable candidates={details.report.candidates ?? []} />
          <ClockEvents events={details.events} />
        </div>
      )}
    </Part>
  );
}
