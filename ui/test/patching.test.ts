import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { arrivalBins, type Arrivals, type PatchRequest } from '@tutti/common';
import { buildPage, connected, launchChromium, newPage, openWorkbench, watchForFaults } from './browser.ts';
import { StandInHost } from './stand-in/stand-in-host.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

// One browser, one host and one page for all: opening them is what takes time.
const host = new StandInHost();
/** High enough for the whole channel map. */
const view = { viewport: { width: 1440, height: 1200 } };
let browser: Browser;
let address: string;
let page: Page;
let faults: string[];
/** Faults that a test brought about itself, when it takes the host away or lets it refuse. */
let expected: RegExp | undefined;

beforeAll(async () => {
  buildPage();
  [browser, address] = await Promise.all([launchChromium(), host.start()]);
  page = await newPage(browser, view);
  faults = watchForFaults(page);
  await openWorkbench(page, address);
});
afterAll(async () => {
  await browser?.close();
  await host.stop();
});

beforeEach(async () => {
  expected = undefined;
  host.reset();
  host.change(host.state);
  await page.evaluate(() => localStorage.removeItem('tutti.routing'));
});
afterEach(async () => {
  // Whatever was in front goes, so that the next test begins as at a first visit.
  await page.unrouteAll();
  await page.mouse.move(0, 0);
  await page.keyboard.press('Alt+w');
  await page.getByRole('navigation').getByRole('button', { name: 'Streams' }).click();
  expect(faults.splice(0).filter((fault) => !expected?.test(fault))).toEqual([]);
});

async function show(name: string, at = page): Promise<void> {
  await at.getByRole('navigation').getByRole('button', { name }).click();
  await at.getByRole('heading', { name, exact: true, level: 2 }).waitFor();
}

/** Requests of patching so far, without dry runs. */
const patches = (): PatchRequest[] =>
  host.changes
    .filter((change) => change.startsWith('POST /routes/patch '))
    .map((change) => JSON.parse(change.slice('POST /routes/patch '.length)) as PatchRequest)
    .filter(({ dryRun }) => dryRun !== true);

const patchNumber = (count: number): Promise<PatchRequest> =>
  vi.waitFor(() => {
    const request = patches()[count - 1];
    if (!request) throw new Error(`${patches().length} patches so far`);
    return request;
  }, 30_000);

const slot = (name: string | RegExp, at = page) =>
  at.getByRole('option', { name, exact: typeof name === 'string' });
const preview = (text: string) => page.getByRole('status').getByText(`Preview: ${text}.`);
const receiveGrid = () => page.getByRole('grid', { name: 'Sessions to device inputs' });
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
const focusedCell = (label: RegExp): Promise<void> =>
  vi.waitFor(async () => expect(await focused()).toMatch(label), 30_000);
const press = async (keys: string, times = 1): Promise<void> => {
  for (let i = 0; i < times; i++) await page.keyboard.press(keys);
};

interface Point {
  readonly x: number;
  readonly y: number;
}
/**
 * First lines of the groups: AVIO 1-2, Commentary 1-4, FOH Matrix 1-8, Stagebox 1-8, and one that may follow; Playback A 1-8,
 * Talkback 1-2.
 */
const streamStarts = { receive: [0, 2, 6, 14, 22], send: [0, 8] };
const deviceStarts = Array.from({ length: 8 }, (_, i) => 16 * i);

/** Middles of cells (column and row from 0), in the window. The cursor is on the first one as long as nobody moved it. */
async function cellsOf(face: 'receive' | 'send'): Promise<(column: number, row: number) => Point> {
  const first = await page.locator('.crosspoint-cursor:not([data-hidden])').boundingBox();
  if (!first) throw new Error('there is no grid');
  const [columns, rows] =
    face === 'receive' ? [streamStarts.receive, deviceStarts] : [deviceStarts, streamStarts.send];
  const middle = (line: number, starts: readonly number[]): number =>
    line * 16 + 5 * (starts.filter((start) => start <= line).length - 1) + 8;
  return (column, row) => ({ x: first.x + middle(column, columns), y: first.y + middle(row, rows) });
}

async function drag(from: Point, to: Point): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

describe('the crosspoint grid', () => {
  let cell: (column: number, row: number) => Point;
  beforeEach(async () => {
    await show('Routing');
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
    expected = /422/;
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
    await page.waitForTimeout(200);
    const before = await picture();
    await page.waitForTimeout(500);
    expect(await picture()).toBe(before);
    await hide(false);
    await vi.waitFor(async () => expect(await picture()).not.toBe(before), 30_000);
  });
});

describe('the channel map', () => {
  it('takes a stream by drag and drop, and by keyboard', async () => {
    await show('Routing');
    const stream = page.getByRole('button', { name: /AVIO-USB/ });
    await stream.dragTo(slot('Input 12, free'));
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:12-13' }]);
    await slot(/^Input 12, 1 of AVIO/).waitFor();
    await slot(/^Input 12, /).dragTo(slot('Input 15, free'));
    expect(await patchNumber(2)).toMatchObject({
      clear: [{ channel: 1, input: 12 }],
      set: [{ channel: 1, input: 15 }],
    });
    await slot(/^Input 1, /).focus();
    await press('Home');
    await press('Enter');
    await press('ArrowDown');
    await press('Enter');
    expect(await patchNumber(3)).toMatchObject({
      clear: [{ receiverId: 'r1', channel: 1, input: 1 }],
      set: [{ receiverId: 'r1', channel: 1, input: 9 }],
    });
  });
});

/** Whether a chart shows something in a colour of its curves. */
const isDrawn = (title: string, colour: string): Promise<boolean> =>
  page
    .getByRole('figure')
    .filter({ has: page.getByRole('heading', { name: title, exact: true }) })
    .locator('canvas')
    .evaluate((canvas, name) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const copy = Object.assign(document.createElement('canvas'), { width, height: height + 1 });
      const context = copy.getContext('2d', { willReadFrequently: true });
      if (!context) return false;
      context.drawImage(canvas as HTMLCanvasElement, 0, 0);
      // Below the chart, the colour that is looked for.
      context.fillStyle = getComputedStyle(canvas).getPropertyValue(name);
      context.fillRect(0, height, 1, 1);
      const { data } = context.getImageData(0, 0, width, height + 1);
      const wanted = data.subarray(width * height * 4, width * height * 4 + 3);
      for (let i = 0; i < width * height * 4; i += 4)
        if (
          data[i + 3] === 255 &&
          wanted.every((value, part) => Math.abs(value - (data[i + part] ?? 0)) < 24)
        )
          return true;
      return false;
    }, colour);

const drawn = (title: string, colour = '--chart-first'): Promise<void> =>
  vi.waitFor(async () => expect(await isDrawn(title, colour), title).toBe(true), 30_000);

describe('statistics', () => {
  beforeEach(() => show('Statistics'));

  it('show when packets came, and how it goes on', async () => {
    await page.getByText(/^[\d\s]+ packets, \d\.\d{3} % of them too late\.$/).waitFor({ state: 'attached' });
    for (const title of ['Margin of arrival', 'Margin and buffer', 'Jitter']) await drawn(title);
    await drawn('Lost and late', '--chart-bad');
  });

  it('set the link offset to what was measured by one press, and back', async () => {
    await page.getByRole('button', { name: /^Set the link offset to 2\.\d ms$/ }).click();
    await vi.waitFor(() => expect(host.state.receivers[0]?.linkOffsetMs).toBeLessThan(3), 30_000);
    await page.getByRole('button', { name: 'Back to 3 ms' }).click();
    await vi.waitFor(() => expect(host.state.receivers[0]?.linkOffsetMs).toBe(3), 30_000);
  });

  it('offer no link offset that is longer than any can be', async () => {
    const counts = new Array<number>(arrivalBins).fill(0).with(-1, 10_000);
    await page.route('**/arrivals', (route) => route.fulfill({ json: { counts } satisfies Arrivals }));
    await page.getByText('No link offset is long enough for that: 500 ms is the longest.').waitFor();
    expect(await page.getByRole('button', { name: /^Set the link offset/ }).count()).toBe(0);
    await page.unroute('**/arrivals');
  });
});

describe('the clock', () => {
  beforeEach(() => show('Clock'));

  it('shows who stood for election, and why one was chosen', async () => {
    const election = page.getByRole('region', { name: 'Election' });
    await election.getByText('priority 1 is 249, the followed one has 128').waitFor();
    expect(await election.getByRole('row').count()).toBe(4);
    await election
      .getByRole('row', { name: /Followed.*00-1D-C1-FF-FE-12-34-56/ })
      .getByText('lowest identity of those that are equal before it')
      .waitFor();
  });

  it('plots offset, path delay and spread over the time that one chooses, and what happened', async () => {
    for (const title of ['Offset from the master', 'Spread of the offset']) await drawn(title);
    await drawn('Path delay', '--chart-second');
    const rows = async (): Promise<number> => {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save Offset from the master as CSV' }).click();
      const table = readFileSync(await (await waiting).path(), 'utf8');
      expect(table).toMatch(/^time,offset_ns\r\n\d{4}-\d\d-\d\dT[\d:.]+Z,-?\d/);
      return table.trim().split('\r\n').length - 1;
    };
    expect(await rows()).toBeGreaterThan(500);
    await page.getByRole('radio', { name: '1 min' }).click();
    await vi.waitFor(async () => expect(await rows()).toBeLessThan(70), 30_000);
    await page.getByRole('list', { name: 'Events' }).getByText('The timeline stepped by 1.2 ms.').waitFor();
  });
});

describe('two browsers', () => {
  let other: Page;
  beforeEach(async () => {
    other = await newPage(browser, view);
    await openWorkbench(other, address);
    await show('Routing');
    await show('Routing', other);
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
    expected = /WebSocket|ERR_/;
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
