import type { DrawingContext } from '../../widgets/drawing-surface.ts';
import type { GridColours } from './grid-colours.ts';
import type { GridScene } from './grid-layout.ts';
import type { GridView } from './paint-ground.ts';
import type { Crossing } from './patch-bay.ts';
import type { Proposal } from './proposal.ts';

/** A cell by its lines, from 0. */
export interface CellPlace {
  readonly column: number;
  readonly row: number;
}

/** What follows the pointer and the keyboard. */
export interface GridMarks {
  /** Under the pointer. */
  readonly hover?: CellPlace;
  /** Corners of the range that is selected. */
  readonly range?: readonly [CellPlace, CellPlace];
  /** What would be done. */
  readonly proposal?: Proposal;
}

type Context = DrawingContext;

export function paintMarks(
  context: Context,
  scene: GridScene,
  view: GridView,
  colours: GridColours,
  { hover, range, proposal }: GridMarks,
): void {
  const { header, columns, rows, cell } = scene.layout;
  const left = (column: number): number => header.width + (columns.starts[column] ?? 0) - view.left;
  const top = (row: number): number => header.height + (rows.starts[row] ?? 0) - view.top;
  context.clearRect(0, 0, view.width, view.height);
  if (hover) {
    context.fillStyle = colours.cross;
    const [x, y] = [left(hover.column), top(hover.row)];
    if (x + cell > header.width) context.fillRect(Math.max(x, header.width), 0, cell, view.height);
    if (y + cell > header.height) context.fillRect(0, Math.max(y, header.height), view.width, cell);
  }
  context.save();
  context.beginPath();
  context.rect(header.width, header.height, view.width, view.height);
  context.clip();
  if (range) {
    const [[a, b], [c, d]] = [sorted(range[0].column, range[1].column), sorted(range[0].row, range[1].row)];
    context.fillStyle = colours.cross;
    context.strokeStyle = colours.mark;
    context.lineWidth = 1.5;
    const [x, y, width, height] = [left(a), top(c), left(b) + cell - left(a), top(d) + cell - top(c)];
    context.fillRect(x, y, width, height);
    context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  }
  if (proposal) {
    const at = ({ source, destination }: Crossing, draw: (x: number, y: number) => void): void => {
      const [column, row] = [scene.columns.lineOf[source] ?? -1, scene.rows.lineOf[destination] ?? -1];
      if (column >= 0 && row >= 0) draw(left(column), top(row));
    };
    for (const each of proposal.clear) at(each, (x, y) => cross(context, x, y, cell, colours.bad));
    for (const each of proposal.impossible) at(each, (x, y) => outline(context, x, y, cell, colours.bad));
    for (const each of proposal.make)
      at(each, (x, y) => {
        outline(context, x, y, cell, colours.mark);
        context.fillStyle = colours.mark;
        context.beginPath();
        context.arc(x + cell / 2, y + cell / 2, Math.max(1.5, cell / 6), 0, 2 * Math.PI);
        context.fill();
      });
  }
  if (hover) outline(context, left(hover.column), top(hover.row), cell, colours.text);
  context.restore();
}

function outline(context: Context, x: number, y: number, size: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.strokeRect(x + 0.5, y + 0.5, size - 2, size - 2);
}

function cross(context: Context, x: number, y: number, size: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x + 1, y + 1);
  context.lineTo(x + size - 2, y + size - 2);
  context.moveTo(x + size - 2, y + 1);
  context.lineTo(x + 1, y + size - 2);
  context.stroke();
}

const sorted = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);
