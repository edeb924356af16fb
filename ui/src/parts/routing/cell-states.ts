import type { Lines } from './lines.ts';
import type { Crossing, PatchBay, Patched } from './patch-bay.ts';

/**
 * What a cell of the grid shows, in the order of urgency: of a folded group the highest one shows. That nothing can be patched
 * somewhere lies on the ground, since it is true of whole streams.
 */
export const cellState = {
  /** Nothing is patched here. */
  possible: 0,
  /** Asked for, not answered yet. */
  pending: 1,
  /** Patched, packets flow, there is a signal. */
  flowing: 2,
  /** Patched, packets flow, digital silence. */
  silent: 3,
  /** Patched, and the stream has trouble. */
  trouble: 4,
} as const;
export type CellState = (typeof cellState)[keyof typeof cellState];

/** What decides about the states besides the routes themselves. */
export interface Live {
  /** 1 for each device channel with a signal. */
  readonly signal: Uint8Array;
  /** By id of receiver or sender. */
  readonly trouble: ReadonlyMap<string, string>;
  /** Crosspoints that were asked for and are not answered, by {@link crossingKey}. */
  readonly pending: ReadonlySet<string>;
}

export const crossingKey = ({ source, destination }: Crossing): string => `${source}:${destination}`;

export function stateOf(bay: PatchBay, patched: Patched, { signal, trouble, pending }: Live): CellState {
  if (pending.has(crossingKey(patched))) return cellState.pending;
  const { receiverId, senderId } = patched.route;
  if (trouble.has(receiverId ?? senderId ?? '')) return cellState.trouble;
  const device = bay.face === 'receive' ? patched.destination : patched.source;
  return signal[device] === 1 ? cellState.flowing : cellState.silent;
}

/** States of all cells that are shown, row by row. Cells that can never be patched are not in it: they lie on the ground. */
export function cellStates(bay: PatchBay, columns: Lines, rows: Lines, live: Live): Uint8Array {
  const states = new Uint8Array(columns.lines.length * rows.lines.length);
  const put = ({ source, destination }: Crossing, state: CellState): void => {
    const [column, row] = [columns.lineOf[source] ?? -1, rows.lineOf[destination] ?? -1];
    if (column < 0 || row < 0) return;
    const index = row * columns.lines.length + column;
    states[index] = Math.max(states[index] ?? 0, state);
  };
  for (const patched of bay.patched) put(patched, stateOf(bay, patched, live));
  for (const key of live.pending) {
    const [source = 0, destination = 0] = key.split(':').map(Number);
    put({ source, destination }, cellState.pending);
  }
  return states;
}

/** Places of the cells that differ; undefined if the grids have different shapes and everything does. */
export function changedCells(
  before: Uint8Array | undefined,
  after: Uint8Array,
): readonly number[] | undefined {
  if (before?.length !== after.length) return undefined;
  const changed: number[] = [];
  for (let i = 0; i < after.length; i++) if (before[i] !== after[i]) changed.push(i);
  return changed;
}
