import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arrivalBins, type Arrivals } from '@tutti/common';
import { complaintsOf, connected, saved } from '../harness/chromium.ts';
import { lockedTo } from '../harness/clocked-pair.ts';
import { firstInput, firstSound, signalOnAll, streamName, type FirstSound } from '../harness/first-sound.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { alive } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

const lastInput = firstInput + 7;
/** ms; the machine of the tests is busy, and what is measured is less than this. */
const linkOffsetMs = 200;
const patch = `Patch 8 channels of ${streamName}`;

/** A chart's numbers, as a person saves them: what the columns are, and the sum of the second one. */
async function savedTable(page: Page, title: string): Promise<{ header: string; total: number }> {
  const { content } = await saved(page.getByRole('button', { name: `Save ${title} as CSV` }));
  const [header = '', ...rows] = content.toString('utf8').trim().split('\r\n');
  return { header, total: rows.reduce((sum, row) => sum + Number(row.split(',')[1]), 0) };
}

describe('eight channels of an announced stream, patched in the page', () => {
  const lab = useLab();
  let way: FirstSound;
  /** A second browser, of somebody else who looks at the same device. */
  let other: Page;
  let complaintsOfOther: readonly string[];

  beforeAll(async () => {
    way = await firstSound(lab(), { 'receivers.foreignLinkOffsetMs': linkOffsetMs });
    other = await way.browser.newPage({ viewport: { width: 1280, height: 900 } });
    other.setDefaultTimeout(60_000);
    complaintsOfOther = complaintsOf(other);
    await other.goto(way.tutti.url);
    await show(other, 'Routing');
  });
  afterAll(async () => {
    await way?.browser.close();
    await way?.tutti.stop();
  });

  const show = (page: Page, activity: string): Promise<void> =>
    page.getByRole('navigation').getByRole('button', { name: activity }).click();
  const showArrivals = async (page: Page): Promise<void> => {
    await show(page, 'Statistics');
    await page.getByText(/^[\d\s]+ packets, [\d.]+ % of them too late\.$/).waitFor({ state: 'attached' });
  };
  const slot = (page: Page, name: string | RegExp) =>
    page.getByRole('option', { name, exact: typeof name === 'string' });
  const receiver = async () => (await way.tutti.receivers())[0];

  test('sound after two presses of the mouse, one of them the drag', async () => {
    expect(way.gestures).toHaveLength(2);
    const made = await receiver();
    expect(made?.map).toEqual(Array.from({ length: 8 }, (_, i) => [i + 1, firstInput + i]));
    expect(made?.state).toBe('running');
    expect(way.complaints).toEqual([]);
  });

  test('the grid reads what is at a cell to those who do not see it', async () => {
    const { page } = way;
    await page.locator('.crosspoint-cursor').focus();
    await page.keyboard.press('Control+ArrowDown');
    const label = async () => (await page.locator(':focus').getAttribute('aria-label')) ?? '';
    await until('the cell of the first input', async () =>
      (await label()).startsWith(`Input ${firstInput} ← 1 of ${streamName}: `),
    );
  });

  test('another browser sees it at once, and what it clears is gone here', async () => {
    await signalOnAll(other);
    await slot(other, new RegExp(`^Input ${lastInput}, `)).click();
    await other.keyboard.press('Delete');
    await slot(way.page, `Input ${lastInput}, free`).waitFor();
    expect((await receiver())?.map).toHaveLength(7);
    await other.getByRole('button', { name: `Undo: Clear 1 route of ${streamName}` }).click();
    await signalOnAll(way.page);
  });

  test('every packet is counted in the histogram of arrivals, which the page shows and saves', async () => {
    const { page } = way;
    const id = (await receiver())?.id ?? '';
    const { counts } = await page.evaluate(
      async (path): Promise<Arrivals> => (await fetch(path)).json() as Promise<Arrivals>,
      `/api/v1/receivers/${id}/arrivals`,
    );
    expect(counts).toHaveLength(arrivalBins);
    const counted = counts.reduce((sum, count) => sum + count, 0);
    expect(counted).toBeGreaterThan(500);
    expect(counted).toBeLessThanOrEqual((await receiver())?.counters['packets'] ?? 0);

    await showArrivals(page);
    const { header, total } = await savedTable(page, 'Margin of arrival');
    expect(header).toBe('margin_ms,packets_percent');
    expect(total).toBeCloseTo(100, 3);
  });

  test('one press sets the link offset to what was measured, another one goes back', async () => {
    const { page } = way;
    const offset = async () => (await receiver())?.linkOffsetMs;
    expect(await offset()).toBe(linkOffsetMs);
    await showArrivals(page);
    // Without the beginning, in which the clock of the sender was not known yet.
    await page.getByRole('button', { name: 'Measure anew' }).click();
    await page.getByRole('button', { name: /^Set the link offset to [\d.]+ ms$/ }).click();
    const back = page.getByRole('button', { name: `Back to ${linkOffsetMs} ms` });
    await back.waitFor();
    expect(await offset()).toBeLessThan(linkOffsetMs);
    await back.click();
    await until('the link offset of before', async () => (await offset()) === linkOffsetMs);
    await show(page, 'Routing');
    await signalOnAll(page);
    expect(way.complaints).toEqual([]);
  });

  test('a host that dies costs nothing but its words: sound goes on, and both browsers find back', async () => {
    const { page, tutti } = way;
    for (const each of [page, other]) await show(each, 'Routing');
    const engine = tutti.enginePid;
    const before = (await receiver())?.counters['packets'] ?? 0;
    await tutti.killHost();
    for (const each of [page, other])
      await each.getByText('No connection to the host. Reconnecting…').waitFor();
    expect(alive(engine)).toBe(true);
    await tutti.serve();
    expect(tutti.enginePid).toBe(engine);
    for (const each of [page, other]) {
      await connected(each);
      await signalOnAll(each);
    }
    expect((await receiver())?.counters['packets']).toBeGreaterThan(before);
    // Only that there was nobody to talk to.
    const others = [...way.complaints, ...complaintsOfOther].filter(
      (text) => !/ERR_|WebSocket|failed$/.test(text),
    );
    expect(others).toEqual([]);
  });

  test('one undo takes the receiver and its routes away, one redo brings them back, also after that', async () => {
    const { page, tutti } = way;
    for (const each of [page, other]) await show(each, 'Routing');
    await page.getByRole('button', { name: `Undo: ${patch}` }).click();
    await until('no receiver', async () => (await tutti.receivers()).length === 0);
    await slot(other, `Input ${lastInput}, free`).waitFor();
    await page.getByRole('button', { name: `Redo: ${patch}` }).click();
    for (const each of [page, other]) await signalOnAll(each);
    expect((await receiver())?.map).toHaveLength(8);
  });

  test('the clock’s page shows the election that ptp4l won, and plots what was measured', async () => {
    const { page, tutti } = way;
    const master = await Ptp4l.master(lab(), lab().peer);
    await tutti.ok('clock', 'use', 'ptp');
    expect(await lockedTo(tutti)).toBe(master.identity);
    await show(page, 'Clock');
    await page
      .getByRole('region', { name: 'Election' })
      .getByRole('row', { name: new RegExp(`Followed.*${master.identity}`) })
      .waitFor();
    await page
      .getByText(/^Mean −?[\d.]+ [nµm]s, standard deviation [\d.]+ [nµm]s\.$/)
      .first()
      .waitFor({ state: 'attached' });
    // The histogram has each second that the offset was measured in.
    await until('two seconds in the histogram', async () => {
      const { header, total } = await savedTable(page, 'Spread of the offset');
      expect(header).toBe('offset_ns,seconds');
      return total >= 2;
    });
    const events = page.getByRole('list', { name: 'Events' });
    await events.getByText(`The grandmaster is ${master.identity}`).waitFor();
  });
});
