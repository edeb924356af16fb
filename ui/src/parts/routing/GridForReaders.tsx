import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { Live } from './cell-states.ts';
import type { GridScene } from './grid-layout.ts';
import type { Lines } from './lines.ts';
import type { CellPlace } from './paint-marks.ts';
import type { Axis } from './patch-bay.ts';
import { cellReadout, lineName } from './readout.ts';

/** Rows and columns of the grid that are in the document around the cursor; a reader learns the rest from the counts. */
const around = 1;

/**
 * The grid as assistive technology sees it: the ARIA pattern, of which only the neighbourhood of the cursor is in the document.
 * The cell with the cursor is the one tab stop; it lies where it is drawn, so that its outline is the focus that one sees.
 */
export function GridForReaders(props: {
  readonly label: string;
  readonly scene: GridScene;
  readonly live: Live;
  readonly cursor: CellPlace;
  readonly range: readonly [CellPlace, CellPlace] | undefined;
  readonly boxOf: (cell: CellPlace) => { left: number; top: number; size: number } | undefined;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
}) {
  const { scene, live, cursor, range } = props;
  const { bay, columns, rows } = scene;
  const active = useRef<HTMLDivElement>(null);
  const hasFocus = useRef(false);

  useLayoutEffect(() => {
    if (hasFocus.current && active.current !== document.activeElement)
      active.current?.focus({ preventScroll: true });
  }, [cursor.column, cursor.row]);

  const shownColumns = neighbours(cursor.column, columns);
  const shownRows = neighbours(cursor.row, rows);
  if (shownColumns.length === 0 || shownRows.length === 0) return null;
  const box = props.boxOf(cursor);
  return (
    <div
      role="grid"
      className="crosspoint-grid"
      aria-label={props.label}
      aria-rowcount={rows.lines.length + 1}
      aria-colcount={columns.lines.length + 1}
      aria-multiselectable="true"
      onKeyDown={props.onKeyDown}
      onFocus={() => {
        hasFocus.current = true;
        props.onFocus();
      }}
      onBlur={(event) => {
        // While the cell moves, the old one goes before the new one has the focus.
        if (event.relatedTarget !== null || event.target.isConnected) hasFocus.current = false;
      }}
    >
      <div role="row" aria-rowindex={1}>
        <div role="columnheader" aria-colindex={1} className="visually-hidden">
          {axisTitle(bay.destinations)}
        </div>
        {shownColumns.map((column) => (
          <div key={column} role="columnheader" aria-colindex={column + 2} className="visually-hidden">
            {nameOf(bay.sources, columns, column, scene)}
          </div>
        ))}
      </div>
      {shownRows.map((row) => (
        <div key={row} role="row" aria-rowindex={row + 2}>
          <div role="rowheader" aria-colindex={1} className="visually-hidden">
            {nameOf(bay.destinations, rows, row, scene)}
          </div>
          {shownColumns.map((column) => {
            const isActive = column === cursor.column && row === cursor.row;
            const [lineAcross, lineDown] = [columns.lines[column], rows.lines[row]];
            const { name, status } =
              lineAcross && lineDown
                ? cellReadout(bay, lineAcross, lineDown, live)
                : { name: '', status: '' };
            return (
              <div
                key={column}
                ref={isActive ? active : undefined}
                role="gridcell"
                aria-colindex={column + 2}
                aria-selected={isIn(range, column, row)}
                aria-label={`${name}: ${status}`}
                tabIndex={isActive ? 0 : -1}
                className={isActive ? 'crosspoint-cursor' : 'visually-hidden'}
                style={
                  isActive && box
                    ? { left: box.left, top: box.top, width: box.size - 1, height: box.size - 1 }
                    : undefined
                }
                data-hidden={isActive && !box ? '' : undefined}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

function neighbours(line: number, { lines }: Lines): readonly number[] {
  const from = Math.max(0, line - around);
  const to = Math.min(lines.length - 1, line + around);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

function nameOf(axis: Axis, { lines }: Lines, line: number, scene: GridScene): string {
  const found = lines[line];
  return found ? lineName(scene.bay, axis, found) : '';
}

const axisTitle = (axis: Axis): string => axis.groups[0]?.title.replace(/ .*/, '') ?? '';

const isIn = (range: readonly [CellPlace, CellPlace] | undefined, column: number, row: number): boolean =>
  range !== undefined &&
  column >= Math.min(range[0].column, range[1].column) &&
  column <= Math.max(range[0].column, range[1].column) &&
  row >= Math.min(range[0].row, range[1].row) &&
  row <= Math.max(range[0].row, range[1].row);
