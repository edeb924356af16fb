import { useMemo } from 'react';
import type uPlot from 'uplot';
import { localize } from '../../localize/localize.ts';
import { timeAxis, unitAxis, clockTime } from '../../widgets/chart-parts.ts';
import { Chart, type ChartColours, type ChartOptions } from '../../widgets/Chart.tsx';
import type { StreamSample } from './stream-history.ts';

const sync = { key: 'tutti-statistics' };
const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();
const countValue = (_: uPlot, value: number | null): string => (value === null ? '–' : String(value));
const msText = (_: uPlot, value: number | null): string => (value === null ? '–' : `${value.toFixed(2)} ms`);

/** Margin, buffer, jitter, loss and lateness over the last minutes, with one cursor through them all. */
export function HistoryCharts({ samples, fileName }: { samples: readonly StreamSample[]; fileName: string }) {
  const data = useMemo(() => columnsOf(samples), [samples]);
  const latest = samples.at(-1);
  const faults = samples.reduce((sum, { lost, late }) => sum + lost + late, 0);
  return (
    <>
      <Chart
        title={localize('statistics.marginOverTime', 'Margin and buffer')}
        summary={localize(
          'statistics.marginSummary',
          'Least margin {0} ms in the last second.',
          latest?.marginMin?.toFixed(2) ?? '–',
        )}
        options={marginOptions}
        data={data.margin}
        csv={{ header: ['time', 'margin_min_ms', 'margin_max_ms', 'buffered_ms'], first: isoTime }}
        fileName={`${fileName} margin over time`}
      />
      <Chart
        title={localize('statistics.jitter', 'Jitter')}
        summary={localize(
          'statistics.jitterSummary',
          'Spread of arrival {0} ms in the last second.',
          data.jitter[1].at(-1)?.toFixed(2) ?? '–',
        )}
        options={jitterOptions}
        data={data.jitter}
        height={130}
        csv={{ header: ['time', 'jitter_ms'], first: isoTime }}
        fileName={`${fileName} jitter`}
      />
      <Chart
        title={localize('statistics.faults', 'Lost and late')}
        summary={localize('statistics.faultsSummary', '{0} in the time shown.', faults)}
        options={faultOptions}
        data={data.faults}
        height={130}
        csv={{ header: ['time', 'lost_packets', 'late_packets'], first: isoTime }}
        fileName={`${fileName} lost and late`}
      />
    </>
  );
}

type Column = (number | null)[];

function columnsOf(samples: readonly StreamSample[]) {
  const at = samples.map((each) => each.at);
  const column = (pick: (sample: StreamSample) => number | undefined): Column =>
    samples.map((each) => pick(each) ?? null);
  const spread = ({ marginMin, marginMax }: StreamSample): number | undefined =>
    marginMin === undefined || marginMax === undefined ? undefined : marginMax - marginMin;
  const margin: [number[], Column, Column, Column] = [
    at,
    column((each) => each.marginMin),
    column((each) => each.marginMax),
    column((each) => each.buffered),
  ];
  const jitter: [number[], Column] = [at, column(spread)];
  const faults: [number[], Column, Column] = [at, column((each) => each.lost), column((each) => each.late)];
  return { margin, jitter, faults };
}

const timeSeries = (): uPlot.Series => ({
  label: localize('statistics.time', 'Time'),
  value: (_, value: number | null) => (value === null ? '–' : clockTime(value)),
});

function marginOptions(colours: ChartColours): ChartOptions {
  const [first = '', second = '', third = ''] = colours.series;
  return {
    scales: { y: { range: (_, least, most) => [Math.min(0, least ?? 0), Math.max(1, (most ?? 1) * 1.1)] } },
    axes: [timeAxis(colours), unitAxis(colours, 'ms')],
    series: [
      timeSeries(),
      { label: localize('statistics.leastMargin', 'Least margin'), stroke: first, width: 1.5, value: msText },
      { label: localize('statistics.mostMargin', 'Most margin'), stroke: second, value: msText },
      { label: localize('statistics.buffered', 'Buffered'), stroke: third, dash: [4, 3], value: msText },
    ],
    cursor: { sync },
  };
}

function jitterOptions(colours: ChartColours): ChartOptions {
  const [first = ''] = colours.series;
  return {
    scales: { y: { range: (_, __, most) => [0, Math.max(0.1, (most ?? 0.1) * 1.1)] } },
    axes: [timeAxis(colours), unitAxis(colours, 'ms')],
    series: [
      timeSeries(),
      { label: localize('statistics.spread', 'Spread'), stroke: first, width: 1.5, value: msText },
    ],
    cursor: { sync },
  };
}

function faultOptions(colours: ChartColours): ChartOptions {
  return {
    scales: { y: { range: (_, __, most) => [0, Math.max(5, (most ?? 5) * 1.1)] } },
    axes: [timeAxis(colours), unitAxis(colours, '')],
    series: [
      timeSeries(),
      { label: localize('statistics.lost', 'Lost'), stroke: colours.bad, width: 1.5, value: countValue },
      {
        label: localize('statistics.late', 'Late'),
        stroke: colours.warn,
        width: 1.5,
        dash: [4, 3],
        value: countValue,
      },
    ],
    cursor: { sync },
  };
}
