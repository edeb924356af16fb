import type { Locator } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announce } from '../harness/sap.ts';
import { foreignSdp } from '../harness/stream.ts';
import { ambience, eventually, useWorkbench } from '../harness/workbench.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Columns, in the order of names: first channel of each stream. */
const [ambienceAt, lostAt, stageAt, strangeAt] = [0, 2, 4, 12];
const streamStarts = [ambienceAt, lostAt, stageAt, strangeAt];
const deviceStarts = Array.from({ length: 8 }, (_, i) => 16 * i);
/** The grid as it is at a first visit: cells of 16 pixels, a gap of 5 between groups. */
const [size, gap] = [16, 5];

describe('the patch bay of a running instance', () => {
  // Whether the host would take a session is asked when the pointer rests; that an input has been taken since says nothing.
  const bench = useWorkbench(/409/);
  let cell: (column: number, row: number) => Point;

  beforeAll(async () => {
    const { lab } = bench();
    // One that nobody sends, and one whose encoding nobody knows.
    await bench().announce({ ...ambience, address: '239.10.5.3' }, 'Lost box', 3);
    const strange = foreignSdp({ ...ambience, address: '239.10.5.4' }, lab.peer.address, 'Strange box', 4);
    await announce(lab, lab.peer, strange.replace('L24/', 'OPUS/'));
  });

  beforeEach(async () => {
    const { page } = bench();
    await bench().show('Routing');
    await page.getByRole('button', { name: /Strange box/ }).waitFor();
    await eventually('all streams', async () => (await grid().getAttribute('aria-colcount')) === '15');
    await page.locator('.crosspoint-cursor').focus();
    await press('Control+Home');
    cell = await cells(streamStarts, deviceStarts);
  });

  const grid = (name = 'Sessions to device inputs'): Locator => bench().page.getByRole('grid', { name });
  const preview = (text: string): Locator => bench().page.getByRole('status').getByText(`Preview: ${text}.`);
  const readout = (text: string | RegExp): Locator =>
    bench().page.locator('.routing-readout').getByText(text);
  const press = async (keys: string, times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) await bench().page.keyboard.press(keys);
  };
  /** What the host has patched to inputs, by session. */
  const routes = async (): Promise<Record<string, readonly (readonly [number, number])[]>> =>
    Object.fromEntries((await bench().receivers()).map(({ name, map }) => [name, map]));
  const block = (first: number, to: number, count: number): [number, number][] =>
    Array.from({ length: count }, (_, i) => [first + i, to + i]);

  /** Middles of cells (column and row from 0), in the window. The cursor is on the first one as long as nobody moved it. */
  async function cells(columns: readonly number[], rows: readonly number[]) {
    const first = await bench().page.locator('.crosspoint-cursor').boundingBox();
    if (!first) throw new Error('there is no grid');
    const middle = (line: number, starts: readonly number[]): number =>
      line * size + gap * (starts.filter((start) => start <= line).length - 1) + size / 2;
    return (column: number, row: number): Point => ({
      x: first.x + middle(column, columns),
      y: first.y + middle(row, rows),
    });
  }

  const point = ({ x, y }: Point): Promise<void> => bench().page.mouse.move(x, y);
  const click = ({ x, y }: Point): Promise<void> => bench().page.mouse.click(x, y);
  async function clickWith(key: string, place: Point): Promise<void> {
    await bench().page.keyboard.down(key);
    await click(place);
    await bench().page.keyboard.up(key);
  }
  async function drag(from: Point, to: Point): Promise<void> {
    const { mouse } = bench().page;
    await point(from);
    await mouse.down();
    await point({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
    await point(to);
    await mouse.up();
  }

  test('one cell is patched by a click, heard, and cleared by another', async () => {
    await click(cell(stageAt + 2, 20));
    await bench().slot('Input 21, 3 of Stage box, with signal').waitFor();
    expect(await routes()).toEqual({ 'Stage box': [[3, 21]] });
    await readout('Input 21 ← 3 of Stage box: receiving, with signal').waitFor();
    await click(cell(stageAt + 2, 20));
    await bench().slot('Input 21, free').waitFor();
    expect(Object.values(await routes()).flat()).toEqual([]);
  });

  test('a block is patched 1:1 by Ctrl-click, and by a drag from cell to cell', async () => {
    await clickWith('Control', cell(stageAt, 32));
    await bench().slot('Input 40, 8 of Stage box, with signal').waitFor();
    expect(await routes()).toEqual({ 'Stage box': block(1, 33, 8) });
    await drag(cell(stageAt, 18), cell(stageAt + 2, 20));
    await bench().slot('Input 21, 3 of Stage box, with signal').waitFor();
    expect(await routes()).toEqual({ 'Stage box': [...block(1, 33, 8), ...block(1, 19, 3)] });
  });

  test('a range is selected with Shift, patched 1:1 by the space bar and cleared by Delete', async () => {
    const { page } = bench();
    await page.locator('.crosspoint-cursor').focus();
    await press('Control+ArrowRight', 2);
    await press('ArrowDown', 9);
    await clickWith('Shift', cell(stageAt + 3, 12));
    await eventually('a selection', async () => {
      const selected = grid().getByRole('gridcell', { selected: true });
      return (await selected.count()) > 0;
    });
    expect(await routes()).toEqual({});
    await press('Space');
    await bench().slot('Input 13, 4 of Stage box, with signal').waitFor();
    expect(await routes()).toEqual({ 'Stage box': block(1, 10, 4) });
    await press('Delete');
    await bench().slot('Input 13, free').waitFor();
    expect(Object.values(await routes()).flat()).toEqual([]);
  });

  test('what would be replaced is shown before it is, and replaced only when told to', async () => {
    const { page } = bench();
    await bench().receive('Stage box', '1-8:1-8');
    await bench().slot('Input 1, 1 of Stage box, with signal').waitFor();
    await point(cell(ambienceAt, 0));
    await readout('Input 1 ← 1 of Ambience: would replace 1 of Stage box').waitFor();
    await clickWith('Control', cell(ambienceAt, 0));
    await preview('makes 2 routes, replaces 2 routes').waitFor();
    await press('Escape');
    await preview('makes 2 routes, replaces 2 routes').waitFor({ state: 'detached' });
    expect(await routes()).toEqual({ 'Stage box': block(1, 1, 8) });
    await clickWith('Control', cell(ambienceAt, 0));
    await page.getByRole('button', { name: 'Replace' }).click();
    await bench()
      .slot(/^Input 1, 1 of Ambience/)
      .waitFor();
    expect(await routes()).toEqual({ 'Stage box': block(3, 3, 6), Ambience: block(1, 1, 2) });
    await page.getByRole('button', { name: 'Undo: Patch 2 channels of Ambience' }).click();
    await bench().slot('Input 1, 1 of Stage box, with signal').waitFor();
    const back = await routes();
    expect([...(back['Stage box'] ?? [])].sort(([a], [b]) => a - b)).toEqual(block(1, 1, 8));
  });

  test('automatic assignment is a preview first; what is used, and what one looks for, can be had alone', async () => {
    const { page } = bench();
    await bench().receive('Stage box', '1-4:1-4');
    await bench()
      .slot(/^Input 4, 4 of Stage box/)
      .waitFor();
    await page.getByRole('searchbox', { name: 'Filter streams' }).fill('stage box');
    await eventually('one stream', async () => (await grid().getAttribute('aria-colcount')) === '9');
    await page.getByRole('button', { name: 'Auto-assign…' }).click();
    await preview('makes 4 routes').waitFor();
    expect(await routes()).toEqual({ 'Stage box': block(1, 1, 4) });
    await page.getByRole('button', { name: 'Patch', exact: true }).click();
    await bench().slot('Input 8, 8 of Stage box, with signal').waitFor();
    expect(await routes()).toEqual({ 'Stage box': block(1, 1, 8) });
    await page.getByRole('searchbox', { name: 'Filter streams' }).fill('');
    await page.getByRole('button', { name: 'Only used' }).click();
    await eventually('the rows in use', async () => (await grid().getAttribute('aria-rowcount')) === '9');
    expect(await grid().getAttribute('aria-colcount')).toBe('9');
    await page.getByRole('button', { name: 'Only used' }).click();
  });

  test('a cell says whether it is silent, in trouble, being changed, or impossible and why', async () => {
    const { page } = bench();
    bench().expected = /422/;
    await bench().receive('Ambience', '1-2:1-2');
    await bench().receive('Lost box', '1-2:3-4');
    await bench().slot('Input 1, 1 of Ambience, silent').waitFor();
    await point(cell(ambienceAt, 0));
    await readout('Input 1 ← 1 of Ambience: patched; packets come, digital silence').waitFor();
    await bench().slot('Input 3, 1 of Lost box, in trouble').waitFor();
    await point(cell(lostAt, 2));
    await readout(/^Input 3 ← 1 of Lost box: No packet/).waitFor();
    // Whether the host would take a session is asked once, when the pointer rests.
    await point(cell(strangeAt, 20));
    await eventually('the refusal', () => page.getByRole('button', { name: /Strange box/ }).isDisabled());
    await point(cell(strangeAt, 21));
    await readout(/impossible: .*OPUS/).waitFor();

    let answer: () => void = () => undefined;
    const held = new Promise<void>((done) => (answer = done));
    await page.route('**/routes/patch', async (route) => {
      await held;
      await route.continue();
    });
    await click(cell(ambienceAt + 1, 1));
    await bench().slot('Input 2, 2 of Ambience, being changed').waitFor();
    answer();
    await bench().slot('Input 2, free').waitFor();
    await page.unrouteAll();
  });

  test('groups fold and unfold by keyboard', async () => {
    await bench().page.locator('.crosspoint-cursor').focus();
    await press('Control+ArrowRight', 2);
    await press('-');
    await eventually(
      'eight columns in one',
      async () => (await grid().getAttribute('aria-colcount')) === '8',
    );
    await press('+');
    await eventually('all columns', async () => (await grid().getAttribute('aria-colcount')) === '15');
  });

  test('the other side patches outputs to the channels of senders', async () => {
    const { page } = bench();
    await bench().send('Programme', '1-2');
    await bench().send('Talkback', '9');
    await page.getByRole('radio', { name: 'Send', exact: true }).click();
    await grid('Device outputs to senders').waitFor({ state: 'attached' });
    await page.getByText('3 routes').waitFor();
    const at = await cells(deviceStarts, [0, 2]);
    const maps = async () =>
      Object.fromEntries((await bench().senders()).map(({ name, map }) => [name, map]));
    await click(at(8, 2));
    await page.getByText('2 routes').waitFor();
    expect((await maps())['Talkback']).toEqual([]);
    await drag(at(20, 0), at(21, 1));
    await preview('makes 2 routes, replaces 2 routes').waitFor();
    await page.getByRole('button', { name: 'Replace' }).click();
    await bench()
      .slot(/^Output 22, 2 of Programme/)
      .waitFor();
    expect((await maps())['Programme']).toEqual([
      [21, 1],
      [22, 2],
    ]);
    await page.getByRole('radio', { name: 'Receive', exact: true }).click();
  });

  test('the channel map takes streams by drag and drop, moves slots, and does both by keyboard', async () => {
    const { page } = bench();
    const stream = page.getByRole('button', { name: /Stage box/ });
    await stream.dragTo(bench().slot('Input 57, free'));
    await bench().slot('Input 64, 8 of Stage box, with signal').waitFor();
    expect(await routes()).toEqual({ 'Stage box': block(1, 57, 8) });
    await bench()
      .slot(/^Input 57, /)
      .dragTo(bench().slot('Input 128, free'));
    await bench().slot('Input 128, 1 of Stage box, with signal').waitFor();
    await bench().slot('Input 57, free').waitFor();
    await bench()
      .slot(/^Input 128, /)
      .focus();
    for (const key of ['End', 'Enter', 'ArrowLeft', 'Enter']) await press(key);
    await bench().slot('Input 127, 1 of Stage box, with signal').waitFor();
    await bench().slot('Input 128, free').waitFor();
  });
});
