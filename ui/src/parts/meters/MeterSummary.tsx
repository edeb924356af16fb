import { memo } from 'react';
import { sideWords, type Side } from './side-words.ts';
import { levelText } from '../../widgets/words.ts';
import type { ShownLevels } from './ballistics.ts';
import type { ChannelUse } from '../../widgets/channel-use.ts';
import { floorDb } from './scale.ts';

/** Channels (from 0) with a signal above the bottom of the scale. */
export function withSignal(levels: ShownLevels): readonly number[] {
  return [...levels.hold.keys()].filter((channel) => (levels.hold[channel] ?? -Infinity) > floorDb);
}

/**
 * The same meters for those who do not see the canvas: one labelled value for each channel with signal. Drawn again once a second,
 * when `seconds` counts on.
 */
export const MeterSummary = memo(function MeterSummary({
  side,
  levels,
  use,
}: {
  readonly side: Side;
  readonly levels: ShownLevels;
  readonly use: ChannelUse;
  readonly seconds: number;
}) {
  const channels = withSignal(levels);
  return (
    <div className="visually-hidden meter-summary">
      <p>{sideWords(side).summary(channels.length, levels.level.length)}</p>
      <ul aria-label={sideWords(side).withSignal}>
        {channels.map((channel) => {
          const level = levels.hold[channel] ?? -Infinity;
          const who = use[channel];
          return (
            <li key={channel}>
              <span
                role="meter"
                aria-label={`${sideWords(side).channel(channel + 1)}${who === undefined ? '' : `, ${who}`}`}
                aria-valuemin={floorDb}
                aria-valuemax={0}
                aria-valuenow={Math.round(Math.max(floorDb, Math.min(0, level)) * 10) / 10}
                aria-valuetext={levelText(level)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
});
