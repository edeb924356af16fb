/** Classes of ST 2022-7:2019 by the largest path difference that they hold, ms, the strictest first. */
const classes = [
  ['D', 0.15],
  ['A', 10],
  ['B', 50],
  ['C', 450],
] as const;

/**
 * Class that a path difference of two legs needs; undefined if it is more than any allows.
 *
 * @param skewNs nanoseconds, of either sign
 */
export function skewClass(skewNs: number): 'A' | 'B' | 'C' | 'D' | undefined {
  return classes.find(([, ms]) => Math.abs(skewNs) <= ms * 1e6)?.[0];
}

/** As in `second leg 3.2 ms later (class A)`. */
export function skewText(skewNs: number): string {
  const needed = skewClass(skewNs);
  const ms = (Math.abs(skewNs) / 1e6).toFixed(2);
  return `${skewNs < 0 ? 'first' : 'second'} leg up to ${ms} ms later (${needed ? `class ${needed}` : 'beyond class C'})`;
}
