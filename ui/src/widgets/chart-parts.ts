import type uPlot from 'uplot';
import type { ChartColours } from './Chart.tsx';

/** `14:05:09`; time axes are in the reader's zone. */
export const clockTime = (seconds: number): string => new Date(seconds * 1000).toLocaleTimeString('en-GB');

/** Of an axis below the plot: a line of numbers. */
export const axisBelow = 28;

const font = '11px system-ui, sans-serif';

/** An axis in the colours of the theme. */
export function axis(colours: ChartColours, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    font,
    labelFont: font,
    stroke: colours.text,
    grid: { stroke: colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1, size: 4 },
    ...more,
  };
}

export const timeAxis = (colours: ChartColours): uPlot.Axis =>
  axis(colours, { values: (_, splits) => splits.map(clockTime), space: 90, size: axisBelow });

/** Values with a unit, as short as they are exact. A logarithmic axis leaves some of its marks without a value. */
export const unitAxis = (colours: ChartColours, unit: string): uPlot.Axis =>
  axis(colours, {
    size: 64,
    values: (_, splits: readonly (number | null)[]) =>
      splits.map((value) => (value === null ? '' : `${Number(value.toPrecision(6))} ${unit}`)),
  });

/** Vertical lines at places on the x axis, drawn over the curves. */
export function verticalLines(
  places: () => readonly {
    readonly at: number;
    readonly colour: string;
    readonly dash?: readonly number[];
  }[],
): uPlot.Plugin {
  return {
    hooks: {
      draw: (plot) => {
        const { ctx, bbox } = plot;
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        ctx.clip();
        for (const { at, colour, dash = [4, 3] } of places()) {
          const x = Math.round(plot.valToPos(at, 'x', true));
          ctx.strokeStyle = colour;
          ctx.lineWidth = devicePixelRatio;
          ctx.setLineDash([...dash]);
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
        }
        ctx.restore();
      },
    },
  };
}
