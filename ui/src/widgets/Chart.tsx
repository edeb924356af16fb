import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { localize } from '../localize/localize.ts';
import { watchTheme } from '../theme/theme.ts';
import { ActionButton } from './ActionButton.tsx';
import { csvText } from './csv.ts';
import { saveFile } from './save-file.ts';
import './chart.css';

/** Colours of the theme in force, for what a chart draws. */
export interface ChartColours {
  readonly ground: string;
  readonly line: string;
  readonly text: string;
  readonly series: readonly string[];
  readonly warn: string;
  readonly bad: string;
}

export type ChartOptions = Omit<uPlot.Options, 'width' | 'height'>;

export interface ChartProps {
  readonly title: string;
  /** What the curve says, for those who do not see it. */
  readonly summary: string;
  /** Made anew with every theme; must keep its identity otherwise. */
  readonly options: (colours: ChartColours) => ChartOptions;
  readonly data: uPlot.AlignedData;
  readonly height?: number;
  /** Names of the columns, and how the first one's values read in a file. */
  readonly csv: { readonly header: readonly string[]; readonly first?: (value: number) => string };
  /** Without ending. */
  readonly fileName: string;
}

/** A chart with its title, a sentence for readers, and buttons that save it as a picture or a table. */
export function Chart({ title, summary, options, data, height = 170, csv, fileName }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(data);
  const [theme, setTheme] = useState(0);

  useEffect(() => watchTheme(() => setTheme((count) => count + 1)), []);

  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const made = new uPlot(
      { ...options(chartColours(element)), width: Math.max(50, element.clientWidth), height },
      latest.current,
      element,
    );
    plot.current = made;
    const resize = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== made.width)
        made.setSize({ width: element.clientWidth, height });
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [options, height, theme]);

  useEffect(() => {
    latest.current = data;
    if (!document.hidden) plot.current?.setData(data);
  }, [data]);

  const savePicture = (): void => {
    const canvas = plot.current?.ctx.canvas;
    const element = holder.current;
    if (!canvas || !element) return;
    const picture = document.createElement('canvas');
    [picture.width, picture.height] = [canvas.width, canvas.height];
    const context = picture.getContext('2d');
    if (!context) return;
    context.fillStyle = chartColours(element).ground;
    context.fillRect(0, 0, picture.width, picture.height);
    context.drawImage(canvas, 0, 0);
    picture.toBlob((blob) => blob && saveFile(`${fileName}.png`, blob));
  };

  const saveTable = (): void => {
    const [first = [], ...columns] = data;
    const rows = Array.from(first, (value, i) => [
      value === null || value === undefined ? value : (csv.first?.(value) ?? value),
      ...columns.map((column) => column[i]),
    ]);
    saveFile(`${fileName}.csv`, new Blob([csvText(csv.header, rows)], { type: 'text/csv' }));
  };

  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <span className="chart-buttons">
          <ActionButton
            kind="quiet"
            icon="device-camera"
            aria-label={localize('chart.savePicture', 'Save {0} as PNG', title)}
            onPress={savePicture}
          />
          <ActionButton
            kind="quiet"
            icon="save"
            aria-label={localize('chart.saveTable', 'Save {0} as CSV', title)}
            onPress={saveTable}
          />
        </span>
      </figcaption>
      <p className="visually-hidden">{summary}</p>
      <div ref={holder} className="chart-plot" aria-hidden="true" />
    </figure>
  );
}

function chartColours(element: HTMLElement): ChartColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--chart-${name}`);
  return {
    ground: colour('ground'),
    line: colour('line'),
    text: colour('text'),
    series: [colour('first'), colour('second'), colour('third')],
    warn: colour('warn'),
    bad: colour('bad'),
  };
}
