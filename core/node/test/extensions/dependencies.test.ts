import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependentsOf, orderByDependency, type Dependent } from '../../src/extensions/dependencies.ts';

const of = (
  graph: Readonly<Record<string, readonly string[]>>,
  unusable: readonly string[] = [],
): Dependent[] =>
  Object.entries(graph).map(([id, dependencies]) => ({ id, dependencies, usable: !unusable.includes(id) }));

describe('dependencies of extensions', () => {
  it('come before who needs them', () => {
    expect(orderByDependency(of({ a: ['b', 'c'], b: ['c'], c: [] })).order).toEqual(['c', 'b', 'a']);
  });

  it('that are missing refuse only who needs them, directly or not', () => {
    const { order, refused } = orderByDependency(of({ a: ['b'], b: ['nobody'], c: [] }));
    expect(order).toEqual(['c']);
    expect([...refused].map(([id, { reason }]) => [id, reason])).toEqual([
      ['b', 'missingDependency'],
      ['a', 'dependencyDisabled'],
    ]);
  });

  it('that go in a circle refuse the whole circle and who needs it', () => {
    const { order, refused } = orderByDependency(of({ a: ['b'], b: ['c'], c: ['b'], d: [] }));
    expect(order).toEqual(['d']);
    expect(refused.get('b')).toEqual({
      reason: 'dependencyCycle',
      message: 'they need each other: b needs c needs b',
    });
    expect(refused.get('c')?.reason).toBe('dependencyCycle');
    expect(refused.get('a')?.reason).toBe('dependencyDisabled');
  });

  it('are taken out after all who need them', () => {
    const graph = of({ a: ['b'], b: ['c'], c: [], d: ['c'], e: [] });
    const order = dependentsOf('c', graph);
    expect(new Set(order)).toEqual(new Set(['a', 'b', 'd']));
    expect(order.indexOf('a')).toBeLessThan(order.indexOf('b'));
  });

  it('never put anyone before what it needs, in any graph, and forget nobody', () => {
    const graphs = fc.dictionary(
      fc.constantFrom(...'abcdefgh'),
      fc.uniqueArray(fc.constantFrom(...'abcdefgh')),
    );
    fc.assert(
      fc.property(graphs, fc.subarray([...'abcdefgh']), (graph, unusable) => {
        const extensions = of(graph, unusable);
        const { order, refused } = orderByDependency(extensions);
        for (const { id, dependencies, usable } of extensions) {
          expect(Number(order.includes(id)) + Number(refused.has(id)) + Number(!usable)).toBe(1);
          if (order.includes(id))
            for (const each of dependencies) expect(order.indexOf(each)).toBeLessThan(order.indexOf(id));
        }
        for (const { id } of extensions) expect(dependentsOf(id, extensions)).not.toContain(id);
      }),
    );
  });
});
