import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PatchRequest } from '@tutti/common';
import { buildPage, launchChromium, watchForFaults } from './browser.ts';
import { StandInHost } from './stand-in/stand-in-host.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let browser: Browser;
let host: StandInHost;
let page: Page;
let faults: string[];

beforeAll(async () => {
  buildPage();
  browser = await launchChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
  host = new StandInHost();
  const address = await host.start();
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
  faults = watchForFaults(page);
  await page.goto(address);
  await page.getByText('Connected', { exact: true }).waitFor();
});
afterEach(async () => {
  await page.context().close();
  await host.stop();
  expect(faults).toEqual([]);
});

const show = async (name: string): Promise<void> => {
  await page.getByRole('navigation').getByText(name, { exact: true }).click();
  await page.getByRole('region', { name, exact: true }).waitFor();
};

/** Requests of patching so far, without dry runs. */
const patches = (): PatchRequest[] =>
  host.changes
    .filter((change) => change.startsWith('POST /routes/patch '))
    .map((change) => JSON.parse(change.slice('POST /routes/patch '.length)) as PatchRequest)
    .filter(({ dryRun }) => dryRun !== true);

const nextPatch = (count: number): Promise<PatchRequest> =>
  vi.waitFor(() => {
    const request = patches()[count - 1];
    if (!request) throw new Error(`${patches().length} patches so far`);
    return request;
  }, 10_000);

// The sample's columns: AVIO 1-2, Commentary 1-4, FOH Matrix 1-8, Stagebox 1-8; rows in sixteens.
const columnStarts = [0, 2, 6, 14];
const gap = 5;
const cellSize = 16;

/** Middle of a cell (both from 0), in the window. The first cell is where the cursor is before anybody moved it. */
async function cell(column: number, row: number): Promise<{ x: number; y: number }> {
  const first = await page.locator('.crosspoint-cursor').boundingBox();
  if (!first) throw new Error('no grid');
  origin ??= first;
  const across = column * cellSize + gap * (columnStarts.filter((start) => start <= column).length - 1);
  const down = row * cellSize + gap * Math.floor(row / 16);
  return { x: origin.x + across + cellSize / 2, y: origin.y + down + cellSize / 2 };
}
let origin: { x: number; y: number } | undefined;
beforeEach(() => (origin = undefined));

async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

describe('the crosspoint grid', () => {
  beforeEach(() => show('Routing'));

  it('patches a session that nobody receives in one drag, undoes and redoes it', async () => {
    await drag(await cell(0, 9), await cell(1, 10));
    expect((await nextPatch(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:10-11' }]);
    await vi.waitFor(() => expect(host.state.receivers).toHaveLength(4));
    await page.getByRole('button', { name: 'Undo: Patch 2 channels of AVIO-USB-0a4f1c : 2' }).click();
    expect((await nextPatch(2)).remove).toHaveLength(1);
    await page.getByRole('button', { name: 'Redo: Patch 2 channels' }).click();
    expect((await nextPatch(3)).receive).toHaveLength(1);
  });

  it('clears a route with a click and makes it again with another', async () => {
    const { x, y } = await cell(6, 16);
    await page.mouse.click(x, y);
    expect((await nextPatch(1)).clear).toEqual([{ receiverId: 'r2', channel: 1, input: 17 }]);
    await page.getByText('19 routes').waitFor();
    await page.mouse.click(x, y);
    expect((await nextPatch(2)).set).toEqual([{ receiverId: 'r2', channel: 1, input: 17 }]);
  });

  it('shows what would be replaced before it is, and does it only when told to', async () => {
    const { x, y } = await cell(0, 16);
    await page.mouse.move(x, y);
    await page
      .getByText('Input 17 ← 1 “1” of AVIO-USB-0a4f1c : 2: would replace 1 “Kick” of FOH')
      .or(page.getByText('would replace 1 “Kick” of FOH Matrix Out'))
      .first()
      .waitFor();
    await page.keyboard.down('Control');
    await page.mouse.click(x, y);
    await page.keyboard.up('Control');
    await page.getByText('Preview: makes 2 routes, replaces 2 routes.').waitFor();
    expect(patches()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByText('Preview:').waitFor({ state: 'detached' });
    await page.mouse.click(x, y);
    await page.getByRole('button', { name: 'Replace' }).click();
    expect(await nextPatch(1)).toMatchObject({
      clear: [{ receiverId: 'r2', channel: 1, input: 17 }],
      receive: [{ map: '1:17' }],
    });
  });

  it('is used with the keyboard alone, one real cell at a time', async () => {
    const grid = page.getByRole('grid', { name: 'Sessions to device inputs' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('129');
    expect(await grid.getAttribute('aria-colcount')).toBe('23');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    for (let i = 0; i < 60 && !(await focused()).startsWith('Input'); i++) await page.keyboard.press('Tab');
    expect(await grid.getByRole('gridcell').count()).toBe(4);
    await page.keyboard.press('Control+ArrowRight');
    await page.keyboard.press('Control+ArrowRight');
    await page.keyboard.press('Control+ArrowDown');
    await vi.waitFor(async () =>
      expect(await focused()).toMatch(/^Input 17 ← 1 “Kick” of FOH Matrix Out: receiving/),
    );
    await page.keyboard.press('Space');
    expect((await nextPatch(1)).clear).toHaveLength(1);
    await vi.waitFor(async () => expect(await focused()).toMatch(/: not patched$/));
    await page.keyboard.press('Control+z');
    expect((await nextPatch(2)).set).toHaveLength(1);
    await page.keyboard.press('End');
    await page.keyboard.press('Control+End');
    await vi.waitFor(async () => expect(await focused()).toMatch(/^Input 128 ← 8 “Bass” of Stagebox/));
    for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+ArrowLeft');
    for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+ArrowUp');
    expect(await grid.getByRole('gridcell', { selected: true }).count()).toBeGreaterThan(3);
    await page.keyboard.press('Space');
    expect((await nextPatch(3)).set).toEqual([
      { receiverId: 'r1', channel: 6, input: 126 },
      { receiverId: 'r1', channel: 7, input: 127 },
      { receiverId: 'r1', channel: 8, input: 128 },
    ]);
    await page.keyboard.press('Home');
    await page.keyboard.press('-');
    await vi.waitFor(async () => expect(await grid.getAttribute('aria-colcount')).toBe('22'));
  });

  it('previews automatic assignment, and filters what it shows', async () => {
    await page.getByRole('button', { name: 'Auto-assign…' }).click();
    await page.getByText('Preview: makes 2 routes.').waitFor();
    await page.getByRole('button', { name: 'Patch', exact: true }).click();
    expect((await nextPatch(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:9-10' }]);
    await page.getByRole('button', { name: 'Only used' }).click();
    const grid = page.getByRole('grid', { name: 'Sessions to device inputs' });
    await vi.waitFor(async () => expect(await grid.getAttribute('aria-rowcount')).toBe('23'));
    await page.getByRole('searchbox', { name: 'Filter streams' }).fill('stagebox');
    await vi.waitFor(async () => expect(await grid.getAttribute('aria-colcount')).toBe('9'));
  });

  it('has outputs and senders on its other side', async () => {
    await page.getByRole('radio', { name: 'Send', exact: true }).click();
    await page.getByRole('grid', { name: 'Device outputs to senders' }).waitFor({ state: 'attached' });
    await page.getByText('10 routes').waitFor();
  });

  it('rests while it cannot be seen', async () => {
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    const picture = () =>
      page.locator('.crosspoint-levels').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await page.waitForTimeout(200);
    const before = await picture();
    await page.waitForTimeout(500);
    expect(await picture()).toBe(before);
  });
});

describe('the channel map', () => {
  it('takes a stream by drag and drop, and by keyboard', async () => {
    await show('Routing');
    const stream = page.getByRole('button', { name: /AVIO-USB/ });
    await stream.dragTo(page.getByRole('option', { name: 'Input 12, free' }));
    expect((await nextPatch(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:12-13' }]);
    await page.getByRole('option', { name: /^Input 12, 1 of AVIO/ }).waitFor();
    await page.getByRole('option', { name: /^Input 1, / }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await nextPatch(2)).toMatchObject({
      clear: [{ receiverId: 'r1', channel: 1, input: 1 }],
      set: [{ receiverId: 'r1', channel: 1, input: 9 }],
    });
  });
});

describe('statistics', () => {
  it('set the link offset to what was measured, go back, and save a table', async () => {
    await show('Statistics');
    await page.getByRole('button', { name: /^Set the link offset to 2\.\d ms$/ }).click();
    await vi.waitFor(() => expect(host.state.receivers[0]?.linkOffsetMs).toBeLessThan(3));
    await page.getByRole('button', { name: 'Back to 3 ms' }).click();
    await vi.waitFor(() => expect(host.state.receivers[0]?.linkOffsetMs).toBe(3));
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save Margin of arrival as CSV' }).click();
    const file = await (await download).path();
    expect(readFileSync(file, 'utf8')).toMatch(/^margin_ms,packets_percent\r\n-?\d/);
    expect((await download).suggestedFilename()).toBe('Stagebox Left 1-8 margin.csv');
    const picture = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save Jitter as PNG' }).click();
    expect(
      readFileSync(await (await picture).path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });
});

describe('the clock', () => {
  it('shows who stood for election and what happened', async () => {
    await show('Clock');
    const election = page.getByRole('region', { name: 'Election' });
    await election.getByText('priority 1 is 249, the followed one has 128').waitFor();
    expect(await election.getByRole('row').count()).toBe(4);
    await page.getByRole('list', { name: 'Events' }).getByText('The timeline stepped by 1.2 ms.').waitFor();
  });
});

describe('accessibility (axe)', () => {
  const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  it('finds nothing in routing, statistics and clock, in all four themes', async () => {
    const found: string[] = [];
    await page.evaluate(axeSource);
    for (const part of ['Routing', 'Statistics', 'Clock']) {
      await show(part);
      await page.waitForTimeout(300);
      for (const theme of ['light', 'dark', 'high-contrast-light', 'high-contrast-dark']) {
        await page.evaluate((name) => {
          document.documentElement.dataset['theme'] = name.replace('high-contrast-', '');
          if (name.startsWith('high')) document.documentElement.dataset['contrast'] = 'high';
          else delete document.documentElement.dataset['contrast'];
        }, theme);
        const results = await page.evaluate<AxeResults>('axe.run(document)');
        for (const { id, nodes } of results.violations)
          for (const { html } of nodes) found.push(`${part}, ${theme}: ${id}: ${html}`);
      }
    }
    expect(found).toEqual([]);
  });
});
