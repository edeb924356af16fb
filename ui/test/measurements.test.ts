import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { arrivalBins, type Arrivals } from '@tutti/common';
import { show, useOnePage } from './use-one-page.ts';

const used = useOnePage();
const { host } = used;
let page: Page;
beforeAll(() => {
  page = used.page;
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
  beforeEach(() => show(page, 'Statistics'));

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
  beforeEach(() => show(page, 'Clock'));

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
