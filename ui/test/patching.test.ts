import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PatchRequest } from '@tutti/common';
import { connected, newPage, openWorkbench } from './browser.ts';
import { patchingOn, show, useOnePage, view, type Point } from './use-one-page.ts';

const used = useOnePage();
const { host } = used;
const { patches, patchNumber, slot, preview, receiveGrid, focused, focusedCell, press, cellsOf, drag } =
  patchingOn(used);
let page: Page;
beforeAll(() => {
  page = used.page;
});

describe('the crosspoint grid', () => {
  let cell: (column: number, row: number) => Point;
  beforeEach(async () => {
    await show(page, 'Routing');
    cell = await cellsOf('receive');
  });

  it('patches a session that nobody receives by one drag, undoes and redoes it', async () => {
    await drag(cell(0, 9), cell(1, 10));
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:10-11' }]);
    await slot('Input 11, 2 of AVIO-USB-0a4f1c : 2, with signal').waitFor();
    await page.getByRole('button', { name: 'Undo: Patch 2 channels of AVIO-USB-0a4f1c : 2' }).click();
    expect((await patchNumber(2)).remove).toHaveLength(1);
    await slot('Input 11, free').waitFor();
    await page.getByRole('button', { name: 'Redo: Patch 2 channels of AVIO-USB-0a4f1c : 2' }).click();
    expect((await patchNumber(3)).receive).toHaveLength(1);
    await slot('Input 11, 2 of AVIO-USB-0a4f1c : 2, with signal').waitFor();
  });

  it('patches all of a stream from its header, and the rest of it by Ctrl-click', async () => {
    const header = { x: cell(0, 0).x, y: cell(0, 0).y - 100 };
    await drag(header, cell(0, 24));
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:25-26' }]);
    await slot('Input 26, 2 of AVIO-USB-0a4f1c : 2, with signal').waitFor();
    const { x, y } = cell(19, 26);
    await page.keyboard.down('Control');
    await page.mouse.click(x, y);
    await page.keyboard.up('Control');
    expect((await patchNumber(2)).set).toEqual(
      [6, 7, 8].map((channel) => ({ receiverId: 'r1', channel, input: channel + 21 })),
    );
  });

  it('clears a route with a click and makes it again with another', async () => {
    const { x, y } = cell(6, 16);
    await page.mouse.click(x, y);
    expect((await patchNumber(1)).clear).toEqual([{ receiverId: 'r2', channel: 1, input: 17 }]);
    await page.getByText('19 routes').waitFor();
    await page.mouse.click(x, y);
    expect((await patchNumber(2)).set).toEqual([{ receiverId: 'r2', channel: 1, input: 17 }]);
  });

  it('shows what would be replaced before it is, and does it only when told to', async () => {
    const { x, y } = cell(0, 16);
    await page.mouse.move(x, y);
    await page
      .getByText('Input 17 ← 1 of AVIO-USB-0a4f1c : 2: would replace 1 “Kick” of FOH Matrix Out')
      .waitFor();
    // On a machine that is busy a frame may come long after the key.
    await page.evaluate(() => {
      const inTime = window.requestAnimationFrame;
      window.requestAnimationFrame = (draw) => window.setTimeout(draw, 1000, performance.now());
      setTimeout(() => (window.requestAnimationFrame = inTime), 1000);
    });
    await page.keyboard.down('Control');
    await page.mouse.click(x, y);
    await page.keyboard.up('Control');
    await preview('makes 2 routes, replaces 2 routes').waitFor();
    expect(patches()).toEqual([]);
    await page.keyboard.press('Escape');
    await preview('makes 2 routes, replaces 2 routes').waitFor({ state: 'detached' });
    await page.mouse.click(x, y);
    await page.getByRole('button', { name: 'Replace' }).click();
    expect(await patchNumber(1)).toMatchObject({
      clear: [{ receiverId: 'r2', channel: 1, input: 17 }],
      receive: [{ map: '1:17' }],
    });
  });

  it('patches and clears a range that was selected with Shift', async () => {
    await page.locator('.crosspoint-cursor').focus();
    await press('ArrowDown', 9);
    await focusedCell(/^Input 10 ←/);
    const { x, y } = cell(1, 10);
    await page.keyboard.down('Shift');
    await page.mouse.click(x, y);
    await page.keyboard.up('Shift');
    await vi.waitFor(
      async () => expect(await receiveGrid().getByRole('gridcell', { selected: true }).count()).toBe(4),
      30_000,
    );
    expect(patches()).toEqual([]);
    await focusedCell(/^Input 11 ← 2 of AVIO/);
    await press('Space');
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:10-11' }]);
    await focusedCell(/: receiving, with signal$/);
    await press('Delete');
    expect((await patchNumber(2)).clear).toMatchObject([
      { channel: 1, input: 10 },
      { channel: 2, input: 11 },
    ]);
  });

  it('is used with the keyboard alone, one real cell at a time', async () => {
    const grid = receiveGrid();
    expect(await grid.getAttribute('aria-rowcount')).toBe('129');
    expect(await grid.getAttribute('aria-colcount')).toBe('23');
    for (let i = 0; i < 60 && !(await focused()).startsWith('Input 1 ←'); i++) await press('Tab');
    expect(await grid.getByRole('gridcell').count()).toBe(4);
    await press('Control+ArrowRight', 2);
    await press('Control+ArrowDown');
    await focusedCell(/^Input 17 ← 1 “Kick” of FOH Matrix Out: receiving/);
    await press('Space');
    expect((await patchNumber(1)).clear).toHaveLength(1);
    await focusedCell(/: not patched$/);
    await press('Control+z');
    expect((await patchNumber(2)).set).toHaveLength(1);
    await press('Control+End');
    await focusedCell(/^Input 128 ← 8 “Bass” of Stagebox/);
    await press('Shift+ArrowLeft', 2);
    await press('Shift+ArrowUp', 2);
    expect(await grid.getByRole('gridcell', { selected: true }).count()).toBeGreaterThan(3);
    await press('Space');
    expect((await patchNumber(3)).set).toEqual(
      [6, 7, 8].map((channel) => ({ receiverId: 'r1', channel, input: channel + 120 })),
    );
    await press('Home');
    await press('-');
    await vi.waitFor(async () => expect(await grid.getAttribute('aria-colcount')).toBe('22'), 30_000);
    await press('+');
    await vi.waitFor(async () => expect(await grid.getAttribute('aria-colcount')).toBe('23'), 30_000);
  });

  it('undoes the last gesture, also before the host has answered it', async () => {
    await page.route('**/routes/patch', async (route) => {
      const response = await route.fetch();
      await page.waitForTimeout(2000);
      await route.fulfill({ response });
    });
    await drag(cell(0, 9), cell(1, 10));
    await slot(/^Input 11, 2 of AVIO-USB-0a4f1c : 2/).waitFor();
    await page.keyboard.press('Control+z');
    const { remove } = await patchNumber(2);
    expect(remove).toHaveLength(1);
    await slot('Input 11, free').waitFor();
    await page.getByRole('button', { name: 'Redo: Patch 2 channels of AVIO-USB-0a4f1c : 2' }).waitFor();
  });

  it('tells what each cell is: receiving, silent, in trouble, being changed, impossible and why', async () => {
    used.expected = /422/;
    const reader = page.locator('.crosspoint-cursor');
    const at = async (column: number, row: number): Promise<Point> => {
      const point = cell(column, row);
      await page.mouse.move(point.x, point.y);
      return point;
    };
    const readout = (text: string | RegExp) => page.locator('.routing-readout').getByText(text);
    await at(14, 0);
    await readout('Input 1 ← 1 “Kick” of Stagebox Left 1-8: receiving, with signal').waitFor();
    await at(2, 32);
    await readout(
      /^Input 33 ← .*: The stream runs at 96 kHz, the device at 48 kHz\. Set the device/,
    ).waitFor();

    // The stand-in sends levels for streams that run.
    host.change({
      receivers: host.state.receivers.map((each) =>
        each.id === 'r1' ? { ...each, state: 'waiting' } : each,
      ),
    });
    await slot('Input 1, 1 “Kick” of Stagebox Left 1-8, silent').waitFor();

    let answer: () => void = () => undefined;
    const held = new Promise<void>((done) => (answer = done));
    await page.route('**/api/v1/routes/patch', async (route) => {
      const { dryRun } = route.request().postDataJSON() as PatchRequest;
      if (dryRun === true) {
        const problem = { code: 'unsupported', message: 'AM824 is not taken', fix: 'Let it send L24.' };
        await route.fulfill({
          status: 422,
          contentType: 'application/problem+json',
          body: JSON.stringify({ status: 422, title: 'unsupported', ...problem }),
        });
      } else {
        await held;
        await route.continue();
      }
    });
    const { x, y } = await at(6, 16);
    await page.mouse.click(x, y);
    await vi.waitFor(
      async () => expect(await reader.getAttribute('aria-label')).toMatch(/: being changed$/),
      30_000,
    );
    answer();
    await vi.waitFor(
      async () => expect(await reader.getAttribute('aria-label')).toMatch(/: not patched$/),
      30_000,
    );

    // Whether the host would take a session is asked once, when the pointer rests.
    const [session] = host.state.sessions;
    if (!session) throw new Error('the sample has no session');
    host.change({ sessions: [...host.state.sessions, { ...session, id: 'zenith', name: 'Zenith' }] });
    const stream = page.getByRole('button', { name: /Zenith/ });
    await stream.waitFor();
    await at(22, 26);
    await vi.waitFor(async () => expect(await stream.isDisabled()).toBe(true), 30_000);
    await at(23, 27);
    await readout(/impossible: AM824 is not taken\. Let it send L24\./).waitFor();
  });

  it('previews automatic assignment, and filters what it shows', async () => {
    await page.getByRole('button', { name: 'Auto-assign…' }).click();
    await preview('makes 2 routes').waitFor();
    expect(patches()).toEqual([]);
    await page.getByRole('button', { name: 'Patch', exact: true }).click();
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:9-10' }]);
    await page.getByRole('button', { name: 'Only used' }).click();
    const grid = receiveGrid();
    await vi.waitFor(async () => expect(await grid.getAttribute('aria-rowcount')).toBe('23'), 30_000);
    await page.getByRole('searchbox', { name: 'Filter streams' }).fill('stagebox');
    await vi.waitFor(async () => expect(await grid.getAttribute('aria-colcount')).toBe('9'), 30_000);
  });

  it('has outputs and senders on its other side', async () => {
    await page.getByRole('radio', { name: 'Send', exact: true }).click();
    await page.getByRole('grid', { name: 'Device outputs to senders' }).waitFor({ state: 'attached' });
    await page.getByText('10 routes').waitFor();
    const ofSenders = await cellsOf('send');
    // What is there goes first: a sender's channel has one output.
    const { x, y } = ofSenders(8, 8);
    await page.mouse.click(x, y);
    expect((await patchNumber(1)).clear).toEqual([{ senderId: 's2', channel: 1, output: 9 }]);
    await page.getByText('9 routes').waitFor();
    await drag(ofSenders(19, 8), ofSenders(20, 9));
    await preview('makes 2 routes, replaces 1 route').waitFor();
    await page.getByRole('button', { name: 'Replace' }).click();
    expect(await patchNumber(2)).toMatchObject({
      clear: [{ senderId: 's2', channel: 2, output: 10 }],
      set: [
        { senderId: 's2', channel: 1, output: 20 },
        { senderId: 's2', channel: 2, output: 21 },
      ],
    });
    await slot(/^Output 21, 2 of Talkback/).waitFor();
  });

  it('rests while it cannot be seen', async () => {
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    const picture = () =>
      page.locator('.crosspoint-levels').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await hide(true);
    let before = await picture();
    // The worker may be in the middle of a last one.
    await vi.waitFor(async () => {
      const last = before;
      await page.waitForTimeout(500);
      before = await picture();
      expect(before).toBe(last);
    }, 30_000);
    await hide(false);
    await vi.waitFor(async () => expect(await picture()).not.toBe(before), 30_000);
  });
});

describe('two browsers', () => {
  let other: Page;
  beforeEach(async () => {
    other = await newPage(used.browser, view);
    await openWorkbench(other, used.address);
    await show(page, 'Routing');
    await show(other, 'Routing');
  });
  afterEach(() => other.context().close());

  it('see the same at once, whoever patches', async () => {
    const cell = await cellsOf('receive');
    await drag(cell(0, 9), cell(1, 10));
    await slot('Input 11, 2 of AVIO-USB-0a4f1c : 2, with signal', other).waitFor();
    await slot(/^Input 17, /, other).click();
    await other.keyboard.press('Delete');
    await slot('Input 17, free').waitFor();
  });

  it('lose nothing when the host goes: both say so, show what is new when it is back, and can still undo', async () => {
    used.expected = /WebSocket|ERR_/;
    const cell = await cellsOf('receive');
    await drag(cell(0, 9), cell(1, 10));
    await slot('Input 11, 2 of AVIO-USB-0a4f1c : 2, with signal', other).waitFor();
    const port = Number(new URL(host.origin).port);
    await host.stop();
    for (const each of [page, other])
      await each.getByText('No connection to the host. Reconnecting…').waitFor();
    // A gesture is refused with a reason, and nothing of what was there goes.
    await page.locator('.crosspoint-cursor').focus();
    await press('Control+Home');
    await press('Control+ArrowRight', 2);
    await press('Control+ArrowDown');
    await focusedCell(/^Input 17 ← 1 “Kick” of FOH Matrix Out/);
    await press('Space');
    await page.getByRole('alert').getByText('The host does not answer.').waitFor();
    await slot(/^Input 17, 1 “Kick” of FOH Matrix Out/).waitFor();

    host.state = { ...host.state, senders: host.state.senders.filter(({ id }) => id !== 's2') };
    await host.start(port);
    for (const each of [page, other]) {
      await connected(each);
      await each.getByText('No connection to the host').waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'Undo: Patch 2 channels of AVIO-USB-0a4f1c : 2' }).click();
    await slot('Input 11, free', other).waitFor();
    await other.getByRole('radio', { name: 'Send', exact: true }).click();
    await slot('Output 9, free', other).waitFor();
  });
});
