import type { GridPlace, GridScene } from './grid-layout.ts';
import type { CellPlace } from './paint-marks.ts';
import type { Crossing } from './patch-bay.ts';
import { blockFrom, diagonal, propose, type Proposal } from './proposal.ts';

/** The crossing of channels that a cell shows; undefined for a folded one. */
export function crossingOf({ columns, rows }: GridScene, { column, row }: CellPlace): Crossing | undefined {
  const [source, destination] = [columns.lines[column], rows.lines[row]];
  if (!source || !destination || source.isFolded || destination.isFolded) return undefined;
  return { source: source.channel, destination: destination.channel };
}

/** To patch 1:1 from a cell on, to the end of its stream; from the first channels of what is folded. */
export function blockOf({ bay, columns, rows }: GridScene, { column, row }: CellPlace): Proposal | undefined {
  const [source, destination] = [columns.lines[column]?.channel, rows.lines[row]?.channel];
  if (source === undefined || destination === undefined) return undefined;
  return propose(bay, blockFrom(bay, { source, destination }));
}

/**
 * What a drag means. From cell to cell: the channels between them, 1:1. From a stream's or a device group's header into the
 * grid: all of it 1:1, from the line where it was dropped on.
 */
export function gestureProposal(scene: GridScene, from: GridPlace, to: GridPlace): Proposal | undefined {
  if (to.region !== 'cell') return undefined;
  switch (from.region) {
    case 'cell': {
      const [start, end] = [crossingOf(scene, from), crossingOf(scene, to)];
      return start && end && propose(scene.bay, diagonal(scene.bay, start, end));
    }
    case 'columnGroup':
    case 'columnHeader': {
      const line = scene.columns.lines[from.column];
      const first = scene.columns.lines.findIndex(({ group }) => group === line?.group);
      return blockOf(scene, { column: from.region === 'columnGroup' ? first : from.column, row: to.row });
    }
    default: {
      const line = scene.rows.lines[from.row];
      const first = scene.rows.lines.findIndex(({ group }) => group === line?.group);
      return blockOf(scene, { column: to.column, row: from.region === 'rowGroup' ? first : from.row });
    }
  }
}

/** To patch a selected range 1:1 from its upper left corner; undefined if a corner is folded. */
export function rangeProposal(scene: GridScene, a: CellPlace, b: CellPlace): Proposal | undefined {
  const corners = rangeCorners(a, b).map((cell) => crossingOf(scene, cell));
  const [from, to] = corners;
  if (!from || !to) return undefined;
  const wanted = diagonal(scene.bay, from, to).filter(
    ({ source, destination }) => source <= to.source && destination <= to.destination,
  );
  return propose(scene.bay, wanted);
}

/** Every crossing of channels in a range, of folded groups all of theirs. */
export function rangeCrossings(
  { columns, rows }: GridScene,
  a: CellPlace,
  b: CellPlace,
): readonly Crossing[] {
  const [from, to] = rangeCorners(a, b);
  const channels = (lines: readonly { channel: number; span: number }[]): number[] =>
    lines.flatMap(({ channel, span }) => Array.from({ length: span }, (_, i) => channel + i));
  const sources = channels(columns.lines.slice(from.column, to.column + 1));
  return channels(rows.lines.slice(from.row, to.row + 1)).flatMap((destination) =>
    sources.map((source) => ({ source, destination })),
  );
}

function rangeCorners(a: CellPlace, b: CellPlace): [CellPlace, CellPlace] {
  return [
    { column: Math.min(a.column, b.column), row: Math.min(a.row, b.row) },
    { column: Math.max(a.column, b.column), row: Math.max(a.row, b.row) },
  ];
}
