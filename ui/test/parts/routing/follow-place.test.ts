import { describe, expect, it } from 'vitest';
import { followPlace } from '../../../src/parts/routing/follow-place.ts';
import { gridScene, type GridScene } from '../../../src/parts/routing/grid-layout.ts';
import { filterBay } from '../../../src/parts/routing/lines.ts';
import { patchBay } from '../../../src/parts/routing/patch-bay.ts';
import { sampleState } from '../../stand-in/sample-state.ts';

const state = sampleState('');
const [stagebox] = state.sessions;

/** Columns: AVIO 0 and 1, Commentary 2 to 5, FOH Matrix 6 to 13, Stagebox 14 to 21. */
function scene(sessions: typeof state.sessions = state.sessions, folded: readonly string[] = []): GridScene {
  const bay = patchBay('receive', { ...state, sessions });
  const { columns, rows } = filterBay(bay, { folded: new Set(folded), onlyUsed: false, words: '' });
  return gridScene(bay, columns, rows, 16);
}

describe('a place on the grid', () => {
  it('stays on its channel when a stream comes before it', () => {
    if (!stagebox) throw new Error('the sample has no session');
    const after = scene([...state.sessions, { ...stagebox, id: 'alpha', name: 'AAA' }]);
    expect(followPlace({ column: 1, row: 9 }, scene(), after)).toEqual({ column: 9, row: 9 });
    expect(followPlace({ region: 'columnHeader', column: 7 } as const, scene(), after)).toEqual({
      region: 'columnHeader',
      column: 15,
    });
  });

  it('is on the line of its group when that folds, and on its first channel when it unfolds', () => {
    const folded = scene(state.sessions, ['session:commentary/0']);
    expect(followPlace({ column: 4, row: 0 }, scene(), folded)).toEqual({ column: 2, row: 0 });
    expect(followPlace({ column: 2, row: 0 }, folded, scene())).toEqual({ column: 2, row: 0 });
    expect(followPlace({ column: 3, row: 0 }, folded, scene())).toEqual({ column: 6, row: 0 });
  });

  it('is nowhere when its stream is gone', () => {
    const without = scene(state.sessions.filter(({ id }) => id !== 'avio'));
    expect(followPlace({ column: 1, row: 9 }, scene(), without)).toBeUndefined();
    expect(followPlace({ region: 'rowHeader', row: 9 } as const, scene(), without)).toEqual({
      region: 'rowHeader',
      row: 9,
    });
  });
});
