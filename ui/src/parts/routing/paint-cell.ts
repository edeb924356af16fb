import type { DrawingContext } from '../../widgets/drawing-surface.ts';
import { cellState } from './cell-states.ts';
import type { GridColours } from './grid-colours.ts';
import { markedFrom } from './grid-layout.ts';

type Context = DrawingContext;

/** One cell's state at its upper left corner: shape first, colour second. Nothing for a cell where nothing is patched. */
export function paintCell(
  context: Context,
  state: number,
  x: number,
  y: number,
  size: number,
  stream: string,
  colours: GridColours,
): void {
  if (state === cellState.possible) return;
  const inset = size >= markedFrom ? 2 : 1;
  const [left, top, side] = [x + inset, y + inset, size - 2 * inset];
  const isMarked = size >= markedFrom;
  context.lineWidth = isMarked ? 2 : 1;
  switch (state) {
    case cellState.flowing:
      context.fillStyle = stream;
      box(context, left, top, side);
      context.fill();
      if (isMarked) tick(context, left, top, side, colours.onStream);
      break;
    case cellState.silent:
      context.strokeStyle = stream;
      box(context, left + 1, top + 1, side - 2);
      context.stroke();
      if (isMarked) {
        context.fillStyle = stream;
        context.fillRect(left + side / 2 - 3, top + side / 2 - 1, 6, 2);
      }
      break;
    case cellState.trouble:
      context.fillStyle = colours.bad;
      triangle(context, left, top, side);
      context.fill();
      if (isMarked) {
        context.fillStyle = colours.ground;
        context.fillRect(left + side / 2 - 1, top + side * 0.36, 2, side * 0.3);
        context.fillRect(left + side / 2 - 1, top + side * 0.75, 2, 2);
      }
      break;
    default:
      context.strokeStyle = colours.mark;
      context.setLineDash(isMarked ? [2, 2] : [1, 1]);
      box(context, left + 1, top + 1, side - 2);
      context.stroke();
      context.setLineDash([]);
  }
}

function box(context: Context, x: number, y: number, side: number): void {
  context.beginPath();
  context.roundRect(x, y, side, side, Math.min(3, side / 4));
}

function triangle(context: Context, x: number, y: number, side: number): void {
  context.beginPath();
  context.moveTo(x + side / 2, y);
  context.lineTo(x + side, y + side);
  context.lineTo(x, y + side);
  context.closePath();
}

function tick(context: Context, x: number, y: number, side: number, colour: string): void {
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(x + side * 0.24, y + side * 0.52);
  context.lineTo(x + side * 0.43, y + side * 0.72);
  context.lineTo(x + side * 0.77, y + side * 0.3);
  context.stroke();
}
