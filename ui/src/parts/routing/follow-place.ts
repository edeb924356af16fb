import type { GridScene } from './grid-layout.ts';
import type { Lines } from './lines.ts';
import type { Axis } from './patch-bay.ts';

/**
 * Where on a grid that is drawn anew a place of the grid before it is: on the same channels, wherever their lines are now.
 * Undefined if one of them is not shown any more.
 */
export function followPlace<T extends { readonly column?: number; readonly row?: number }>(
  place: T,
  before: GridScene,
  after: GridScene,
): T | undefined {
  if (before === after) return place;
  const column = followLine(place.column, sourcesOf(before), sourcesOf(after));
  const row = followLine(place.row, destinationsOf(before), destinationsOf(after));
  if (column === gone || row === gone) return undefined;
  return { ...place, ...(column !== undefined && { column }), ...(row !== undefined && { row }) };
}

const gone = -1;
type Side = readonly [Axis, Lines];
const sourcesOf = ({ bay, columns }: GridScene): Side => [bay.sources, columns];
const destinationsOf = ({ bay, rows }: GridScene): Side => [bay.destinations, rows];

function followLine(
  line: number | undefined,
  [axis, { lines }]: Side,
  [nextAxis, next]: Side,
): number | undefined {
  if (line === undefined) return undefined;
  const { group = gone, channel = 0 } = lines[line] ?? {};
  const old = axis.groups[group];
  const now = nextAxis.groups.find(({ id }) => id === old?.id);
  if (!old || !now || channel - old.first >= now.count) return gone;
  return next.lineOf[now.first + channel - old.first] ?? gone;
}
