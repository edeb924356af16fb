import type { Lines } from './lines.ts';
import type { PatchBay } from './patch-bay.ts';
import { lineAt, trackOf, type Track } from './track.ts';

/** Sizes of a cell that a person can choose, CSS pixels. */
export const cellSizes = [7, 11, 16, 22] as const;
export type CellSize = (typeof cellSizes)[number];

/** Below this, channels have no labels of their own, only their groups. */
const labelledFrom = 11;
/** From here on there is room for a tick or a mark in a cell. */
export const markedFrom = 14;

/** What is drawn where, CSS pixels. The headers stick; the cells scroll below them. */
export interface GridLayout {
  readonly cell: number;
  readonly columns: Track;
  readonly rows: Track;
  readonly header: { readonly width: number; readonly height: number };
  /** Of the group's band, within the header: its height above the columns, its width beside the rows. */
  readonly band: { readonly columns: number; readonly rows: number };
  /** Length of the level meters, at the inner edge of the header of the device's channels. */
  readonly meter: number;
  readonly metersAt: 'rows' | 'columns';
}

export interface GridScene {
  readonly bay: PatchBay;
  readonly columns: Lines;
  readonly rows: Lines;
  readonly layout: GridLayout;
}

/** A place on the grid: a cell, or the header of a line or its group. */
export type GridPlace =
  | { readonly region: 'cell'; readonly column: number; readonly row: number }
  | { readonly region: 'columnHeader' | 'columnGroup'; readonly column: number }
  | { readonly region: 'rowHeader' | 'rowGroup'; readonly row: number };

const groupGap = 5;

export function gridScene(bay: PatchBay, columns: Lines, rows: Lines, cell: CellSize): GridScene {
  const isLabelled = cell >= labelledFrom;
  const meter = 34;
  const metersAt = bay.face === 'receive' ? 'rows' : 'columns';
  const band = { columns: isLabelled ? 40 : 74, rows: 22 };
  return {
    bay,
    columns,
    rows,
    layout: {
      cell,
      columns: trackOf(columns.lines, cell, groupGap),
      rows: trackOf(rows.lines, cell, groupGap),
      header: {
        width: band.rows + (isLabelled ? 150 : 26) + (metersAt === 'rows' ? meter + 4 : 0),
        height: band.columns + (isLabelled ? 76 : 20) + (metersAt === 'columns' ? meter + 4 : 0),
      },
      band,
      meter,
      metersAt,
    },
  };
}

/** What is at a point of the window onto the grid, given how far it is scrolled. */
export function placeAt(
  { header, band, columns, rows }: GridLayout,
  point: { readonly x: number; readonly y: number },
  scroll: { readonly left: number; readonly top: number },
): GridPlace | undefined {
  const column = point.x < header.width ? undefined : lineAt(columns, point.x - header.width + scroll.left);
  const row = point.y < header.height ? undefined : lineAt(rows, point.y - header.height + scroll.top);
  if (column !== undefined && row !== undefined) return { region: 'cell', column, row };
  if (column !== undefined && point.y < header.height)
    return { region: point.y < band.columns ? 'columnGroup' : 'columnHeader', column };
  if (row !== undefined && point.x < header.width)
    return { region: point.x < band.rows ? 'rowGroup' : 'rowHeader', row };
  return undefined;
}

/** Runs of lines of one group: `[group, first line, after its last line]`. */
export function groupRuns({ lines }: Lines): readonly (readonly [number, number, number])[] {
  const runs: [number, number, number][] = [];
  for (const [i, { group }] of lines.entries()) {
    const last = runs.at(-1);
    if (last?.[0] === group) last[2] = i + 1;
    else runs.push([group, i, i + 1]);
  }
  return runs;
}
