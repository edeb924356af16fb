import type { CellPlace } from './paint-marks.ts';

/** What a key does in the grid. */
export type GridAction =
  | { readonly kind: 'move'; readonly to: CellPlace; readonly extends: boolean }
  | { readonly kind: 'toggle' | 'block' | 'clear' | 'undo' | 'redo' | 'cancel' | 'apply' }
  | { readonly kind: 'fold'; readonly axis: 'columns' | 'rows'; readonly fold: boolean };

/** The grid as the keyboard sees it. */
export interface GridShape {
  readonly columns: number;
  readonly rows: number;
  /** First line of the group before or after a line's. */
  readonly groupStep: (axis: 'columns' | 'rows', line: number, step: 1 | -1) => number;
}

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const pageRows = 16;

/** Keys of the grid, as the ARIA pattern of grids has them, and those of patching. Undefined: none of ours. */
export function gridAction(event: Key, { column, row }: CellPlace, shape: GridShape): GridAction | undefined {
  const { key, shiftKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey) return undefined;
  const to = (toColumn: number, toRow: number): GridAction => ({
    kind: 'move',
    to: { column: within(toColumn, shape.columns), row: within(toRow, shape.rows) },
    extends: shiftKey,
  });
  const step = (axis: 'columns' | 'rows', line: number, by: 1 | -1): number =>
    command ? shape.groupStep(axis, line, by) : line + by;
  switch (key) {
    case 'ArrowRight':
      return to(step('columns', column, 1), row);
    case 'ArrowLeft':
      return to(step('columns', column, -1), row);
    case 'ArrowDown':
      return to(column, step('rows', row, 1));
    case 'ArrowUp':
      return to(column, step('rows', row, -1));
    case 'Home':
      return to(0, command ? 0 : row);
    case 'End':
      return to(shape.columns - 1, command ? shape.rows - 1 : row);
    case 'PageDown':
      return to(column, row + pageRows);
    case 'PageUp':
      return to(column, row - pageRows);
    case ' ':
      return { kind: command ? 'block' : 'toggle' };
    case 'Enter':
      return { kind: command ? 'block' : 'apply' };
    case 'Delete':
    case 'Backspace':
      return { kind: 'clear' };
    case 'Escape':
      return { kind: 'cancel' };
    case '-':
    case '_':
      return { kind: 'fold', axis: shiftKey || key === '_' ? 'rows' : 'columns', fold: true };
    case '+':
    case '*':
      return { kind: 'fold', axis: key === '*' ? 'rows' : 'columns', fold: false };
    default:
      if (!command) return undefined;
      if (key.toLowerCase() === 'z') return { kind: shiftKey ? 'redo' : 'undo' };
      return key.toLowerCase() === 'y' ? { kind: 'redo' } : undefined;
  }
}

const within = (line: number, count: number): number => Math.min(Math.max(line, 0), Math.max(0, count - 1));
