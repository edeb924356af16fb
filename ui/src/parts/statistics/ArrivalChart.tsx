import { useCallback, useMemo, useRef } from 'react';
import type { Arrivals } from '@tutti/common';
import uPlot from 'uplot';
import { localize } from '../../localize/localize.ts';
import { axis, axisBelow, unitAxis, verticalLines } from '../../widgets/chart-parts.ts';
import { Chart, type ChartColours, type ChartOptions } from '../../widgets/Chart.tsx';
import { countText } from '../../widgets/words.ts';
import { marginHistogram } from './margin-histogram.ts';

/** How much time packets had to spare when they came. What is left of zero came too late to be heard. */
export function ArrivalChart(props: {
  readonly arrivals: Arrivals | undefined;
  readonly linkOffsetMs: number;
  readonly fileName: string;
}) {
  const { arrivals, linkOffsetMs, fileName } = props;
  const histogram = useMemo(
    () => marginHistogram(arrivals ?? { counts: [] }, linkOffsetMs),
    [arrivals, linkOffsetMs],
  );
  const offset = useRef(linkOffsetMs);
  offset.current = linkOffsetMs;
  const options = useCallback((colours: ChartColours) => arrivalOptions(colours, () => offset.current), []);
  const data = useMemo((): uPlot.AlignedData => [[...histogram.edges], [...histogram.shares]], [histogram]);
  const title = localize('statistics.arrivals', 'Margin of arrival');
  return (
    <Chart
      title={title}
      summary={localize(
        'statistics.arrivalsSummary',
        '{0} packets, {1} % of them too late.',
        countText(histogram.packets),
        histogram.late.toFixed(3),
      )}
      options={options}
      data={data}
      height={200}
      csv={{ header: ['margin_ms', 'packets_percent'] }}
      fileName={`${fileName} margin`}
    />
  );
}

function arrivalOptions(colours: ChartColours, linkOffset: () => number): ChartOptions {
  const [bars = '', ...rest] = colours.series;
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return {
    scales: {
      // Zero and the whole link offset are always in sight.
      x: {
        time: false,
        range: (_, least, most) => [Math.min(least ?? 0, 0) - 0.1, Math.max(most ?? 0, linkOffset()) + 0.1],
      },
      y: {
        distr: 3,
        range: (_, least, most) => [Math.min(least ?? 0.001, 0.001), Math.max(most ?? 100, 100)],
      },
    },
    axes: [axis(colours, { values: msMarks, size: axisBelow }), { ...unitAxis(colours, '%'), space: 24 }],
    series: [
      {
        label: localize('statistics.margin', 'Margin'),
        value: (_, value: number | null) => (value === null ? '–' : `${value.toFixed(2)} ms`),
      },
      {
        label: localize('statistics.packets', 'Packets'),
        stroke: bars,
        fill: `color-mix(in srgb, ${bars} 45%, transparent)`,
        ...(stepped && { paths: stepped }),
        points: { show: false },
        value: (_, value: number | null) => (value === null ? '–' : `${value.toPrecision(3)} %`),
      },
    ],
    plugins: [
      verticalLines(() => [
        { at: 0, colour: colours.bad, dash: [] },
        { at: linkOffset(), colour: rest[0] ?? bars },
      ]),
    ],
    cursor: { drag: { x: true, y: false } },
  };
}

const msMarks = (_: uPlot, splits: readonly number[]): string[] =>
  splits.map((value) => `${Number(value.toFixed(2))} ms`);
