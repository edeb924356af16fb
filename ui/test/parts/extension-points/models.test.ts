import { describe, expect, it } from 'vitest';
import type { TableRange, TreeItem } from '@tutti/api';
import { err, ok, type Result } from '@tutti/base';
import { chordOfExtension } from '../../../src/parts/extension-points/chord.ts';
import { TableModel } from '../../../src/parts/extension-points/table-model.ts';
import { TreeModel } from '../../../src/parts/extension-points/tree-model.ts';

const settle = () => new Promise((done) => setTimeout(done));
const item = (id: string, children?: 'collapsed' | 'expanded'): TreeItem => ({
  id,
  label: id,
  ...(children && { children }),
});
const problem = err({ code: 'unavailable' as const, message: 'away' });

describe('a tree of an extension', () => {
  it('asks for children when an item is unfolded, or comes unfolded', async () => {
    const asked: (string | undefined)[] = [];
    const levels = new Map([
      [undefined, [item('a', 'collapsed'), item('b', 'expanded')]],
      ['a', [item('a1')]],
      ['b', [item('b1')]],
    ] as const);
    const tree = new TreeModel((parent) => {
      asked.push(parent);
      return Promise.resolve(ok(levels.get(parent as 'a') ?? []));
    });
    await tree.load();
    await settle();
    expect(asked).toEqual([undefined, 'b']);
    expect([...tree.get().expanded]).toEqual(['b']);
    tree.expand(new Set(['a', 'b']));
    await settle();
    expect(tree.get().levels.get('a')).toEqual([item('a1')]);
    tree.changed(['b']);
    await settle();
    expect(asked).toEqual([undefined, 'b', 'a', 'b']);
  });

  it('is no maze: an item that stands elsewhere, or below itself, is left out', async () => {
    const tree = new TreeModel((parent) =>
      Promise.resolve(ok(parent === undefined ? [item('a', 'expanded'), item('a')] : [item('a'), item('b')])),
    );
    await tree.load();
    await settle();
    expect(tree.get().levels.get(undefined)).toEqual([item('a', 'expanded')]);
    expect(tree.get().levels.get('a')).toEqual([item('b')]);
  });

  it('says why it is not there, and tries again when its extension says so', async () => {
    let answer: Result<readonly TreeItem[]> = problem;
    const tree = new TreeModel(() => Promise.resolve(answer));
    await tree.load();
    expect(tree.get().problem?.message).toBe('away');
    answer = ok([item('a')]);
    tree.changed();
    await settle();
    expect(tree.get()).toMatchObject({ levels: new Map([[undefined, [item('a')]]]) });
    expect(tree.get().problem).toBeUndefined();
  });

  it('asks once more if it changed while it was asked, however often', async () => {
    let asked = 0;
    const tree = new TreeModel(() => {
      asked += 1;
      return Promise.resolve(ok([item('a')]));
    });
    void tree.load();
    for (let i = 0; i < 10; i++) void tree.load();
    await settle();
    expect(asked).toBe(2);
  });
});

describe('a table of an extension', () => {
  function table(total: number) {
    const asked: TableRange[] = [];
    const model = new TableModel((range) => {
      asked.push(range);
      const count = Math.max(0, Math.min(range.limit, total - range.offset));
      const rows = Array.from({ length: count }, (_, i) => ({
        id: String(range.offset + i),
        cells: { n: range.offset + i },
      }));
      return Promise.resolve(ok({ total, rows }));
    });
    return { model, asked };
  }

  it('asks for the pages that are looked at, and for each once', async () => {
    const { model, asked } = table(1000);
    model.look(0, 30);
    await settle();
    model.look(190, 230);
    await settle();
    model.look(195, 235);
    await settle();
    expect(asked.map(({ offset }) => offset)).toEqual([0, 100, 200]);
    expect(model.get().total).toBe(1000);
    expect(model.get().rows.get(205)?.cells).toEqual({ n: 205 });
  });

  it('asks again when something changed, and in the order that was chosen', async () => {
    const { model, asked } = table(50);
    model.look(0, 30);
    await settle();
    model.changed();
    await settle();
    model.sortBy('n');
    await settle();
    model.sortBy('n');
    await settle();
    model.sortBy('n');
    await settle();
    expect(asked.map(({ sort }) => sort)).toEqual([
      undefined,
      undefined,
      { column: 'n', descending: false },
      { column: 'n', descending: true },
      undefined,
    ]);
  });

  it('forgets rows that are not there any more', async () => {
    let total = 150;
    const model = new TableModel(({ offset, limit }) =>
      Promise.resolve(
        ok({
          total,
          rows: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) => ({
            id: String(offset + i),
            cells: {},
          })),
        }),
      ),
    );
    model.look(0, 150);
    await settle();
    expect(model.get().rows.size).toBe(150);
    total = 10;
    model.changed();
    await settle();
    expect(model.get().rows.size).toBe(10);
  });
});

describe('keys of an extension', () => {
  it.each([
    ['mod+shift+d', 'Ctrl+Shift+D', 'Ctrl+Shift+D'],
    ['ctrl+alt+pageup', 'Ctrl+Alt+PageUp', 'Meta+Alt+PageUp'],
    ['meta+f5', 'Meta+F5', 'Ctrl+F5'],
    ['mod+space', 'Ctrl+Space', 'Ctrl+Space'],
    ['mod+nonsense', undefined, undefined],
  ])('%s', (key, elsewhere, onMac) => {
    expect(chordOfExtension(key, undefined, false)).toBe(elsewhere);
    expect(chordOfExtension(key, undefined, true)).toBe(onMac);
  });
});
