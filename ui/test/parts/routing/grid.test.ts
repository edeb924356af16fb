import { describe, expect, it } from 'vitest';
import { cellState, cellStates, changedCells } from '../../../src/parts/routing/cell-states.ts';
import { fitLines, fitText } from '../../../src/parts/routing/fit-text.ts';
import { gestureProposal, rangeProposal } from '../../../src/parts/routing/gestures.ts';
import { gridAction } from '../../../src/parts/routing/grid-keys.ts';
import { gridScene, placeAt } from '../../../src/parts/routing/grid-layout.ts';
import { readGridSettings } from '../../../src/parts/routing/grid-settings.ts';
import { filterBay } from '../../../src/parts/routing/lines.ts';
import { cellReadout, crossingName, crossingStatus } from '../../../src/parts/routing/readout.ts';
import { lineAt, linesIn, scrollInto, trackOf } from '../../../src/parts/routing/track.ts';
import { firstOf, sampleBay } from './sample-bay.ts';

const bay = sampleBay();
const foh = firstOf(bay, 'FOH Matrix Out');
const all = { folded: new Set<string>(), onlyUsed: false, words: '' };
const quiet = { signal: new Uint8Array(128), trouble: new Map<string, string>(), pending: new Set<string>() };

describe('lines of the grid', () => {
  it('are all channels, one for each group that is folded, or only those that are used', () => {
    expect(filterBay(bay, all).rows.lines).toHaveLength(128);
    const { rows, columns } = filterBay(bay, { ...all, folded: new Set(['inputs:16', 'session:foh/0']) });
    expect(rows.lines).toHaveLength(128 - 15);
    expect(rows.lines[16]).toMatchObject({ isFolded: true, span: 16 });
    expect([rows.lineOf[16], rows.lineOf[31], rows.lineOf[32]]).toEqual([16, 16, 17]);
    expect(columns.lines).toHaveLength(22 - 7);
    expect(filterBay(bay, { ...all, onlyUsed: true }).rows.lines).toHaveLength(20);
  });

  it('are those of streams that have all the words; the device stays whole', () => {
    const { rows, columns } = filterBay(bay, { ...all, words: 'foh l24' });
    expect(columns.lines).toHaveLength(8);
    expect(rows.lines).toHaveLength(128);
    expect(filterBay(bay, { ...all, words: 'snare' }).columns.lines).toHaveLength(3);
  });
});

describe('a track of lines', () => {
  const track = trackOf(filterBay(bay, all).rows.lines, 10, 5);
  it('finds the line at every place, and what a window shows', () => {
    expect(lineAt(track, 0)).toBe(0);
    expect(lineAt(track, 159)).toBe(15);
    expect(lineAt(track, 165)).toBe(16);
    expect(lineAt(track, -1)).toBeUndefined();
    expect(lineAt(track, track.length)).toBeUndefined();
    expect(linesIn(track, 0, 100)).toEqual([0, 10]);
    expect(linesIn(track, 15, 100)).toEqual([1, 12]);
    expect(linesIn(trackOf([], 10, 5), 0, 100)).toEqual([0, 0]);
  });
  it('brings a line into sight with the least movement', () => {
    expect(scrollInto(track, 3, 0, 100)).toBe(0);
    expect(scrollInto(track, 20, 0, 100)).toBe(115);
    expect(scrollInto(track, 3, 200, 100)).toBe(30);
  });
});

describe('states of cells', () => {
  const { columns, rows } = filterBay(bay, all);
  const at = (states: Uint8Array, source: number, destination: number) =>
    states[(rows.lineOf[destination] ?? 0) * columns.lines.length + (columns.lineOf[source] ?? 0)];

  it('are silence until a signal comes, and trouble before all', () => {
    const signal = new Uint8Array(128).fill(1, 16, 17);
    const states = cellStates(bay, columns, rows, { ...quiet, signal, trouble: new Map([['r3', 'x']]) });
    expect(at(states, foh, 16)).toBe(cellState.flowing);
    expect(at(states, foh + 1, 17)).toBe(cellState.silent);
    expect(at(states, firstOf(bay, 'Commentary Unit 3'), 32)).toBe(cellState.trouble);
    expect(at(states, foh, 60)).toBe(cellState.possible);
  });

  it('are pending until the host has answered', () => {
    const states = cellStates(bay, columns, rows, { ...quiet, pending: new Set([`${foh}:60`]) });
    expect(at(states, foh, 60)).toBe(cellState.pending);
  });

  it('show the worst of what a folded group hides', () => {
    const folded = filterBay(bay, { ...all, folded: new Set(['inputs:0', 'session:stagebox/0']) });
    const signal = new Uint8Array(128).fill(1);
    signal[3] = 0;
    const states = cellStates(bay, folded.columns, folded.rows, { ...quiet, signal });
    expect(states[folded.columns.lines.length - 1]).toBe(cellState.silent);
  });

  it('name only those that changed as dirty, and none to compare when the shape is another', () => {
    const before = cellStates(bay, columns, rows, quiet);
    const after = cellStates(bay, columns, rows, { ...quiet, trouble: new Map([['r3', 'x']]) });
    expect(changedCells(before, after)).toHaveLength(4);
    expect(changedCells(before, before)).toEqual([]);
    expect(changedCells(undefined, after)).toBeUndefined();
    expect(changedCells(new Uint8Array(3), after)).toBeUndefined();
  });
});

describe('the readout', () => {
  it('reads destination, then source, by name', () => {
    expect(crossingName(bay, { source: foh + 1, destination: 17 })).toBe(
      'Input 18 ← 2 “Snare” of FOH Matrix Out',
    );
  });
  it('says the state, the reason, and what would be replaced', () => {
    const live = { ...quiet, trouble: new Map([['r3', 'The stream runs at 96 kHz.']]) };
    const commentary = firstOf(bay, 'Commentary Unit 3');
    expect(crossingStatus(bay, { source: commentary, destination: 32 }, live)).toBe(
      'The stream runs at 96 kHz.',
    );
    expect(crossingStatus(bay, { source: commentary, destination: 16 }, live)).toBe(
      'would replace 1 “Kick” of FOH Matrix Out',
    );
    expect(crossingStatus(bay, { source: commentary, destination: 60 }, live)).toBe('not patched');
  });
  it('counts the routes of what is folded', () => {
    const { columns, rows } = filterBay(bay, { ...all, folded: new Set(['inputs:16', 'session:foh/0']) });
    const column = columns.lines[columns.lineOf[foh] ?? 0];
    const row = rows.lines[16];
    if (!column || !row) throw new Error('no lines');
    expect(cellReadout(bay, column, row, quiet)).toEqual({
      name: 'Inputs 17–32 ← FOH Matrix Out',
      status: '8 routes',
    });
  });
});

describe('gestures', () => {
  const { columns, rows } = filterBay(bay, all);
  const scene = gridScene(bay, columns, rows, 16);
  const cell = (column: number, row: number) => ({ region: 'cell', column, row }) as const;

  it('finds cells and headers at a point, however far it is scrolled', () => {
    const { header } = scene.layout;
    const at = (x: number, y: number, left = 0, top = 0) => placeAt(scene.layout, { x, y }, { left, top });
    expect(at(header.width + 1, header.height + 1)).toEqual(cell(0, 0));
    expect(at(header.width + 1, header.height + 1, 0, 160)).toEqual(cell(0, 10));
    expect(at(header.width + 1, 3)).toEqual({ region: 'columnGroup', column: 0 });
    expect(at(header.width - 1, header.height + 17)).toEqual({ region: 'rowHeader', row: 1 });
    expect(at(1, 1)).toBeUndefined();
  });

  it('patches from cell to cell, and a whole stream from its header', () => {
    expect(gestureProposal(scene, cell(0, 60), cell(1, 61))?.make).toHaveLength(2);
    const header = { region: 'columnGroup', column: columns.lineOf[foh + 3] ?? 0 } as const;
    expect(gestureProposal(scene, header, cell(2, 60))?.make.map(({ destination }) => destination)).toEqual([
      60, 61, 62, 63, 64, 65, 66, 67,
    ]);
    expect(gestureProposal(scene, cell(0, 60), header)).toBeUndefined();
  });

  it('patches a range 1:1 within its bounds', () => {
    const range = rangeProposal(scene, { column: 9, row: 70 }, { column: 6, row: 60 });
    expect(range?.make).toHaveLength(4);
  });
});

describe('keys', () => {
  const shape = {
    columns: 22,
    rows: 128,
    groupStep: (_: string, line: number, step: number) => line + 8 * step,
  };
  const press = (key: string, more = {}) =>
    gridAction(
      { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more },
      { column: 5, row: 10 },
      shape,
    );

  it('move, and stop at the edges', () => {
    expect(press('ArrowDown')).toEqual({ kind: 'move', to: { column: 5, row: 11 }, extends: false });
    expect(press('PageUp')).toMatchObject({ to: { column: 5, row: 0 } });
    expect(press('End', { ctrlKey: true })).toMatchObject({ to: { column: 21, row: 127 } });
    expect(press('ArrowRight', { ctrlKey: true, shiftKey: true })).toEqual({
      kind: 'move',
      to: { column: 13, row: 10 },
      extends: true,
    });
  });

  it('patch, clear, undo and redo, on a Mac too', () => {
    expect(press(' ')).toEqual({ kind: 'toggle' });
    expect(press(' ', { ctrlKey: true })).toEqual({ kind: 'block' });
    expect(press('Delete')).toEqual({ kind: 'clear' });
    expect(press('z', { metaKey: true })).toEqual({ kind: 'undo' });
    expect(press('Z', { metaKey: true, shiftKey: true })).toEqual({ kind: 'redo' });
    expect(press('z')).toBeUndefined();
    expect(press('Tab')).toBeUndefined();
  });
});

describe('settings of the grid', () => {
  it('survive anything that storage holds', () => {
    for (const text of [null, '', '7', '{"cell":9,"folded":{"a":1},"face":"x"}', '[1]'])
      expect(readGridSettings(text)).toMatchObject({ face: 'receive', cell: 16, onlyUsed: false });
    expect(readGridSettings('{"cell":7,"folded":["a",3],"face":"send"}')).toMatchObject({
      cell: 7,
      face: 'send',
    });
    expect([...readGridSettings('{"folded":["a",3]}').folded]).toEqual(['a']);
  });
});

describe('text in little room', () => {
  const measure = (text: string): number => text.length;
  it('is cut with an ellipsis, however long it is', () => {
    expect(fitText('Stage', 5, measure)).toBe('Stage');
    expect(fitText('Stagebox', 5, measure)).toBe('Stag…');
    expect(fitText('Stagebox', 0, measure)).toBe('');
    expect(fitText('x'.repeat(10_000), 1e6, measure)).toHaveLength(121);
  });
  it('breaks at words', () => {
    expect(fitLines('Commentary Unit 3', 10, 2, measure)).toEqual(['Commentary', 'Unit 3']);
    expect(fitLines('Commentary Unit 3 left', 10, 2, measure)).toEqual(['Commentary', 'Unit 3 le…']);
  });
});
