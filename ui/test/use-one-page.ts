import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import type { PatchRequest } from '@tutti/common';
import { newPage, openWorkbench, watchForFaults } from './browser.ts';
import { startStandIn, type StandIn } from './use-stand-in.ts';

/** High enough for the whole channel map. */
export const view = { viewport: { width: 1440, height: 1200 } };

/** {@link startStandIn}, and one page for all tests. Each test begins as at a first visit, and fails if the page had faults that it did not expect. */
export function useOnePage(): StandIn {
  const used = startStandIn();
  const { host } = used;
  let faults: string[];
  beforeAll(async () => {
    used.page = await newPage(used.browser, view);
    faults = watchForFaults(used.page);
    await openWorkbench(used.page, used.address);
  });
  beforeEach(async () => {
    host.change(host.state);
    await used.page.evaluate(() => localStorage.removeItem('tutti.routing'));
  });
  afterEach(async () => {
    // Whatever was in front goes, so that the next test begins as at a first visit.
    await used.page.unrouteAll();
    await used.page.mouse.move(0, 0);
    await used.page.keyboard.press('Alt+w');
    await used.page.getByRole('navigation').getByRole('button', { name: 'Streams' }).click();
    expect(faults.splice(0).filter((fault) => !used.expected?.test(fault))).toEqual([]);
  });
  return used;
}

/** Opens what the navigation calls so. */
export async function show(at: Page, name: string): Promise<void> {
  await at.getByRole('navigation').getByRole('button', { name }).click();
  await at.getByRole('heading', { name, exact: true, level: 2 }).waitFor();
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * First lines of the groups: AVIO 1-2, Commentary 1-4, FOH Matrix 1-8, Stagebox 1-8, and one that may follow; Playback A 1-8,
 * Talkback 1-2.
 */
const streamStarts = { receive: [0, 2, 6, 14, 22], send: [0, 8] };
const deviceStarts = Array.from({ length: 8 }, (_, i) => 16 * i);

/** The routing page as a person uses it. */
export function patchingOn(used: StandIn) {
  const { host } = used;
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

  const slot = (name: string | RegExp, at = used.page) =>
    at.getByRole('option', { name, exact: typeof name === 'string' });
  const preview = (text: string) => used.page.getByRole('status').getByText(`Preview: ${text}.`);
  const receiveGrid = () => used.page.getByRole('grid', { name: 'Sessions to device inputs' });
  const focused = () => used.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
  const focusedCell = (label: RegExp): Promise<void> =>
    vi.waitFor(async () => expect(await focused()).toMatch(label), 30_000);
  const press = async (keys: string, times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) await used.page.keyboard.press(keys);
  };

  /** Middles of cells (column and row from 0), in the window. The cursor is on the first one as long as nobody moved it. */
  async function cellsOf(face: 'receive' | 'send'): Promise<(column: number, row: number) => Point> {
    const first = await used.page.locator('.crosspoint-cursor:not([data-hidden])').boundingBox();
    if (!first) throw new Error('there is no grid');
    const [columns, rows] =
      face === 'receive' ? [streamStarts.receive, deviceStarts] : [deviceStarts, streamStarts.send];
    const middle = (line: number, starts: readonly number[]): number =>
      line * 16 + 5 * (starts.filter((start) => start <= line).length - 1) + 8;
    return (column, row) => ({ x: first.x + middle(column, columns), y: first.y + middle(row, rows) });
  }

  async function drag(from: Point, to: Point): Promise<void> {
    await used.page.mouse.move(from.x, from.y);
    await used.page.mouse.down();
    await used.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await used.page.mouse.move(to.x, to.y);
    await used.page.mouse.up();
  }
  return { patches, patchNumber, slot, preview, receiveGrid, focused, focusedCell, press, cellsOf, drag };
}
