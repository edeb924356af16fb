import { useCallback, useMemo, useRef } from 'react';
import type { ClockDetails, ClockEvent } from '@tutti/common';
import uPlot from 'uplot';
import { localize } from '../../localize/localize.ts';
import { axis, axisBelow, clockTime, timeAxis, verticalLines } from '../../widgets/chart-parts.ts';
import { Chart, type ChartColours, type ChartOptions } from '../../widgets/Chart.tsx';
import { clockCurves, eventsIn, offsetHistogram, spreadOf } from './clock-history.ts';
import { nsText } from './clock-words.ts';

const sync = { key: 'tutti-clock' };
const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();
const nsValue = (_: uPlot, value: number | null): string => nsText(value ?? undefined);

/** Offset and path delay over time, with what happened to the clock on the same axis; and how the offset is spread. */
export function ClockCharts({
  details,
  seconds,
}: {
  readonly details: ClockDetails;
  readonly seconds: number;
}) {
  const { history, events } = details;
  const curves = useMemo(() => clockCurves(history, seconds), [history, seconds]);
  const histogram = useMemo(() => offsetHistogram(curves.offset), [curves]);
  const offsets = spreadOf(curves.offset);
  const delays = spreadOf(curves.pathDelay);
  const shown = useRef<readonly ClockEvent[]>([]);
  shown.current = eventsIn(events, curves.at[0] ?? 0, curves.at.at(-1) ?? 0);

  const offsetOptions = useCallback(
    (colours: ChartColours) =>
      timeOptions(colours, localize('clock.offset', 'Offset'), colours.series[0] ?? '', () => shown.current),
    [],
  );
  const delayOptions = useCallback(
    (colours: ChartColours) =>
      timeOptions(
        colours,
        localize('clock.pathDelay', 'Path delay'),
        colours.series[1] ?? '',
        () => shown.current,
      ),
    [],
  );
  const data = useMemo((): Record<'offset' | 'delay' | 'spread', uPlot.AlignedData> => {
    const { at, offset, pathDelay } = curves;
    return { offset: [at, offset], delay: [at, pathDelay], spread: [histogram.edges, histogram.counts] };
  }, [curves, histogram]);
  const spreadText = (spread: typeof offsets): string =>
    spread
      ? localize(
          'clock.spread',
          'Mean {0}, standard deviation {1}.',
          nsText(spread.mean),
          nsText(spread.deviation),
        )
      : localize('clock.nothingMeasured', 'This clock measures nothing.');

  return (
    <>
      <Chart
        title={localize('clock.offsetOverTime', 'Offset from the master')}
        summary={spreadText(offsets)}
        options={offsetOptions}
        data={data.offset}
        csv={{ header: ['time', 'offset_ns'], first: isoTime }}
        fileName="clock offset"
      />
      <Chart
        title={localize('clock.pathDelayOverTime', 'Path delay')}
        summary={spreadText(delays)}
        options={delayOptions}
        data={data.delay}
        csv={{ header: ['time', 'path_delay_ns'], first: isoTime }}
        fileName="clock path delay"
      />
      <Chart
        title={localize('clock.offsetHistogram', 'Spread of the offset')}
        summary={spreadText(offsets)}
        options={spreadOptions}
        data={data.spread}
        csv={{ header: ['offset_ns', 'seconds'] }}
        fileName="clock offset histogram"
      />
    </>
  );
}

function timeOptions(
  colours: ChartColours,
  label: string,
  stroke: string,
  events: () => readonly ClockEvent[],
): ChartOptions {
  return {
    axes: [timeAxis(colours), nsAxis(colours)],
    series: [
      {
        label: localize('clock.time', 'Time'),
        value: (_, value: number | null) => (value === null ? '–' : clockTime(value)),
      },
      { label, stroke, width: 1.5, value: nsValue },
    ],
    plugins: [
      verticalLines(() =>
        events().map(({ at, kind }) => ({
          at: Date.parse(at) / 1000,
          colour: kind === 'step' ? colours.bad : kind === 'state' ? colours.warn : colours.text,
          dash: kind === 'step' ? [] : [4, 3],
        })),
      ),
    ],
    cursor: { sync },
  };
}

function spreadOptions(colours: ChartColours): ChartOptions {
  const [bars = ''] = colours.series;
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, (most ?? 1) * 1.1)] } },
    axes: [axis(colours, { values: nsTexts, space: 70, size: axisBelow }), axis(colours, { size: 64 })],
    series: [
      { label: localize('clock.offset', 'Offset'), value: nsValue },
      {
        label: localize('clock.seconds', 'Seconds'),
        stroke: bars,
        fill: `color-mix(in srgb, ${bars} 45%, transparent)`,
        ...(stepped && { paths: stepped }),
        points: { show: false },
        value: (_, value: number | null) => (value === null ? '–' : String(value)),
      },
    ],
  };
}

const nsTexts = (_: uPlot, splits: number[]): string[] => splits.map((value) => nsText(value));
const nsAxis = (colours: ChartColours): uPlot.Axis => axis(colours, { size: 64, values: nsTexts });
