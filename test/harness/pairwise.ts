/** One value for each dimension. */
export type Row<D extends Record<string, readonly unknown[]>> = { [K in keyof D]: D[K][number] };

/**
 * A short list of rows in which every two values of different dimensions meet at least once, as far as `allowed` lets
 * them meet at all. Always the same list for the same input.
 */
export function pairwise<const D extends Record<string, readonly (string | number)[]>>(
  dimensions: D,
  allowed: (row: Row<D>) => boolean,
): Row<D>[] {
  const all = combinations(dimensions).filter(allowed);
  const open = new Set(all.flatMap(pairs));
  const chosen: Row<D>[] = [];
  while (open.size > 0) {
    const gains = all.map((row) => pairs(row).filter((pair) => open.has(pair)).length);
    const best = all[gains.indexOf(Math.max(...gains))];
    if (!best) break;
    chosen.push(best);
    for (const pair of pairs(best)) open.delete(pair);
  }
  return chosen;
}

function combinations<D extends Record<string, readonly unknown[]>>(dimensions: D): Row<D>[] {
  return Object.entries(dimensions).reduce<Record<string, unknown>[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  ) as Row<D>[];
}

function pairs(row: Record<string, unknown>): string[] {
  const cells = Object.entries(row).map(([name, value]) => `${name}=${value}`);
  return cells.flatMap((cell, i) => cells.slice(i + 1).map((other) => `${cell} ${other}`));
}
