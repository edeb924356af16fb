import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PatchRequest } from '@tutti/common';
import { patchingOn, show, useOnePage } from './use-one-page.ts';

const used = useOnePage();
const { host } = used;
const { patches, patchNumber, slot, preview, focusedCell, press, cellsOf, drag } = patchingOn(used);
let page: Page;
beforeAll(() => {
  page = used.page;
});
beforeEach(() => show(page, 'Routing'));

const stream = (name: RegExp) =>
  page.getByRole('list', { name: 'Streams to drop onto slots' }).getByRole('button', { name });

/** Somebody announces one more session, which nobody receives. */
async function announce(id: string, name: string): Promise<void> {
  const [session] = host.state.sessions;
  if (!session) throw new Error('the sample has no session');
  host.change({ sessions: [...host.state.sessions, { ...session, id, name }] });
  await stream(new RegExp(name)).waitFor();
}

/** One whose title is the first: all other streams move. */
const announceFirst = () => announce('alpha', 'AAA');

const withdraw = (id: string): void =>
  host.change({ sessions: host.state.sessions.filter((each) => each.id !== id) });

const problem = (status: number, code: string, message: string) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ status, title: code, code, message }),
});

describe('the channel map', () => {
  it('takes a stream by drag and drop, and by keyboard', async () => {
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

  it('drops the stream that was picked up, wherever it stands by then', async () => {
    await stream(/AVIO-USB/).focus();
    await press('Enter');
    await announceFirst();
    await press('ArrowDown');
    await press('Enter');
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:9-10' }]);
  });

  it('lets go of a stream that is gone', async () => {
    await stream(/AVIO-USB/).click();
    await page.getByText(/^Choose the slot where its first channel goes/).waitFor();
    withdraw('avio');
    await page.getByText(/^Drag a stream onto the slot/).waitFor();
  });
});

describe('while streams come and go', () => {
  it('a preview is about the streams that it was made for', async () => {
    await page.getByRole('button', { name: 'Auto-assign…' }).click();
    await preview('makes 2 routes').waitFor();
    await announceFirst();
    await page.getByRole('button', { name: 'Patch', exact: true }).click();
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:9-10' }]);
  });

  it('a preview says what it would replace by now, and what is gone of it', async () => {
    await page.getByRole('button', { name: 'Auto-assign…' }).click();
    await preview('makes 2 routes').waitFor();
    const receivers = host.state.receivers.map((each) =>
      each.id === 'r1' ? { ...each, map: [...each.map, [1, 9] as const] } : each,
    );
    host.change({ receivers });
    await preview('makes 2 routes, replaces 1 route').waitFor();
    withdraw('avio');
    await page.getByText('Preview: nothing to do. A stream of it is no longer there.').waitFor();
    expect(await page.getByRole('button', { name: /^(?:Patch|Replace)$/ }).count()).toBe(0);
  });

  it('a drag over lines that move means nothing any more, and the cursor stays on its channel', async () => {
    const cell = await cellsOf('receive');
    await page.mouse.move(cell(1, 9).x, cell(1, 9).y);
    await page.mouse.down();
    await page.mouse.move(cell(3, 11).x, cell(3, 11).y);
    await announceFirst();
    await focusedCell(/^Input 10 ← 2 of AVIO/);
    await page.mouse.up();
    await press('Space');
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '2:10' }]);
  });
});

describe('steps one after the other', () => {
  /** Patches are answered when that is called, not before. */
  const holdAnswers = async (): Promise<() => void> => {
    let answer: () => void = () => undefined;
    const held = new Promise<void>((done) => (answer = done));
    await page.route('**/routes/patch', async (route) => {
      await held;
      await route.continue();
    });
    return () => answer();
  };

  it('use the receiver that the one before has made', async () => {
    const answer = await holdAnswers();
    const cell = await cellsOf('receive');
    await page.mouse.click(cell(0, 9).x, cell(0, 9).y);
    await page.mouse.click(cell(1, 10).x, cell(1, 10).y);
    await focusedCell(/^Input 11 ←/);
    answer();
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1:10' }]);
    const receiverId = host.state.receivers.find(({ sessionId }) => sessionId === 'avio')?.id;
    expect(await patchNumber(2)).toMatchObject({
      receive: [],
      set: [{ receiverId, channel: 2, input: 11 }],
    });
  });

  it('are made once, however often one clicks before the answer', async () => {
    const answer = await holdAnswers();
    const cell = await cellsOf('receive');
    await page.mouse.dblclick(cell(0, 9).x, cell(0, 9).y);
    await page.mouse.click(cell(6, 16).x, cell(6, 16).y);
    answer();
    expect((await patchNumber(2)).clear).toEqual([{ receiverId: 'r2', channel: 1, input: 17 }]);
    expect(patches()).toHaveLength(2);
  });

  it('can be undone although the last one cannot', async () => {
    used.expected = /404/;
    const cell = await cellsOf('receive');
    await drag(cell(0, 9), cell(1, 10));
    await drag(cell(6, 40), cell(7, 41));
    await patchNumber(2);
    const undo = (title: string) => page.getByRole('button', { name: `Undo: Patch 2 channels of ${title}` });
    await page.route(
      '**/routes/patch',
      (route) => route.fulfill(problem(404, 'notFound', 'no receiver r2')),
      {
        times: 1,
      },
    );
    await undo('FOH Matrix Out').click();
    await page.getByRole('alert').getByText('no receiver r2').waitFor();
    await undo('AVIO-USB-0a4f1c : 2').click();
    expect((await patchNumber(3)).remove).toHaveLength(1);
  });

  it('wait to be undone while something is only in their way', async () => {
    used.expected = /409/;
    const cell = await cellsOf('receive');
    await drag(cell(6, 40), cell(7, 41));
    await patchNumber(1);
    await page.route('**/routes/patch', (route) => route.fulfill(problem(409, 'conflict', 'taken')), {
      times: 1,
    });
    const undo = page.getByRole('button', { name: 'Undo: Patch 2 channels of FOH Matrix Out' });
    await undo.click();
    await page.getByRole('alert').getByText('taken').waitFor();
    await undo.click();
    expect((await patchNumber(2)).clear).toHaveLength(2);
  });
});

describe('a session that the host would not receive', () => {
  it('is asked about again when the host has another state', async () => {
    used.expected = /422/;
    let asked = 0;
    await page.route('**/routes/patch', async (route) => {
      const { dryRun } = route.request().postDataJSON() as PatchRequest;
      if (dryRun !== true) return route.continue();
      asked += 1;
      if (asked > 1) return route.continue();
      return route.fulfill(problem(422, 'interfaceGone', 'There is no network.'));
    });
    await announce('zenith', 'Zenith');
    const cell = await cellsOf('receive');
    const zenith = stream(/Zenith/);
    await page.mouse.move(cell(22, 26).x, cell(22, 26).y);
    await vi.waitFor(async () => expect(await zenith.isDisabled()).toBe(true), 30_000);
    const { status } = host.state;
    host.change({ status: { ...status, interfaces: [{ name: 'wlp2s0', address: '192.168.12.20' }] } });
    await vi.waitFor(async () => expect(await zenith.isEnabled()).toBe(true), 30_000);
    await page.mouse.move(cell(23, 27).x, cell(23, 27).y);
    await vi.waitFor(() => expect(asked).toBe(2), 30_000);
    expect(await zenith.isEnabled()).toBe(true);
  });
});
