import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { ReceiverInfo, SenderInfo } from '@tutti/common';
import { complaintsOf, connected, launchChromiumAt } from './chromium.ts';
import { gstreamerSend } from './gstreamer.ts';
import { repository, type Lab } from './lab.ts';
import { makePipe } from './process.ts';
import { announce } from './sap.ts';
import { generate } from './signal.ts';
import { foreignSdp, wireFormat, type Stream } from './stream.ts';
import { Tutti } from './tutti.ts';
import { useLab } from './use-lab.ts';
import { until } from './wait.ts';

const common = { encoding: 'L24', rate: 48_000, frames: 48, port: 5004, payloadType: 98 } as const;

/** A stream of the peer with a signal on all of its eight channels. */
export const stageBox: Stream = { ...common, channels: 8, address: '239.10.5.1' };
/** One whose two channels are digital silence. */
export const ambience: Stream = { ...common, channels: 2, address: '239.10.5.2' };

/** A machine that is busy with something else is slow; what passes does not wait. */
const patienceMs = 60_000;
/** ms; nothing comes too late on such a machine. */
export const linkOffsetMs = 200;

/** As `until`, with the patience of the page. */
export const eventually: typeof until = (what, ask) => until(what, ask, patienceMs);

/** Host, engine and page as a person has them before the screen, and a peer that sends `Stage box` and `Ambience`. */
export class Workbench {
  readonly lab: Lab;
  readonly tutti: Tutti;
  readonly browser: Browser;
  readonly page: Page;
  /** What the page has complained about in this test. */
  readonly complaints: string[];
  /** Those that a test brings about itself. */
  expected: RegExp | undefined;

  private constructor(lab: Lab, tutti: Tutti, browser: Browser, page: Page) {
    [this.lab, this.tutti, this.browser, this.page] = [lab, tutti, browser, page];
    this.complaints = complaintsOf(page);
  }

  static async open(lab: Lab): Promise<Workbench> {
    const signal = { kind: 'prbs', channels: stageBox.channels, rate: stageBox.rate, bits: 24 } as const;
    const pipe = makePipe(lab.file('to-sender'));
    generate(lab, lab.peer, signal, wireFormat(stageBox), 'endless', pipe.write);
    gstreamerSend(lab, lab.peer, stageBox, pipe.read);
    gstreamerSend(lab, lab.peer, ambience, openSync('/dev/zero', 'r'));
    const [tutti, browser] = await Promise.all([Tutti.start(lab), launchChromiumAt(lab, lab.tutti)]);
    // High enough for the whole channel map.
    const page = await newPage(browser, { width: 1440, height: 1200 });
    const workbench = new Workbench(lab, tutti, browser, page);
    await workbench.load();
    await workbench.announce(stageBox, 'Stage box', 1);
    await workbench.announce(ambience, 'Ambience', 2);
    return workbench;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.tutti.stop();
  }

  /** Opens the page as at a first visit. */
  async load(): Promise<void> {
    const { page, tutti } = this;
    await page.goto(tutti.url);
    await page.evaluate(() => localStorage.clear());
    await page.goto(tutti.url);
    await connected(page);
  }

  /** The peer says by SAP that it sends this. */
  async announce(stream: Stream, name: string, id: number): Promise<void> {
    const { lab } = this;
    await announce(lab, lab.peer, foreignSdp(stream, lab.peer.address, name, id));
  }

  /** Takes all streams of ours away, and whatever is in front of the page. */
  async clear(): Promise<void> {
    const { page } = this;
    await page.mouse.move(0, 0);
    for (const kind of ['receivers', 'senders'] as const)
      for (const { id } of await this.api<readonly { readonly id: string }[]>(`/${kind}`))
        await this.api(`/${kind}/${id}`, 'DELETE');
    await eventually('no dialog', async () => {
      if ((await this.dialog().count()) === 0) return true;
      await page.keyboard.press('Escape');
      return false;
    });
  }

  /** Asks the host as the page does. */
  async api<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
    return (await this.page.evaluate(
      async ([url, verb, content]) => {
        const reply = await fetch(url, {
          method: verb,
          ...(content !== undefined && { body: content, headers: { 'content-type': 'application/json' } }),
        });
        if (!reply.ok) throw new Error(`${verb} ${url}: ${await reply.text()}`);
        return reply.status === 204 ? undefined : ((await reply.json()) as unknown);
      },
      [`/api/v1${path}`, method, body === undefined ? undefined : JSON.stringify(body)] as const,
    )) as T;
  }

  receivers(): Promise<ReceiverInfo[]> {
    return this.api('/receivers');
  }

  senders(): Promise<SenderInfo[]> {
    return this.api('/senders');
  }

  /** Receives a session of the peer, without the page's doing. */
  async receive(name: string, map: string): Promise<ReceiverInfo> {
    const session = await eventually(`the session ${name}`, async () =>
      (await this.api<{ id: string; name: string }[]>('/sessions')).find((each) => each.name === name),
    );
    return await this.api('/receivers', 'POST', { sessionId: session.id, map, linkOffsetMs });
  }

  async send(name: string, channels: string): Promise<SenderInfo> {
    return await this.api('/senders', 'POST', { name, channels });
  }

  /** Chooses an activity; its side bar stays shut. */
  async show(activity: string, at = this.page): Promise<void> {
    await at.getByRole('navigation').getByRole('button', { name: activity }).click();
  }

  dialog(): Locator {
    return this.page.getByRole('dialog').or(this.page.getByRole('alertdialog'));
  }

  /** A row of the table with this title. */
  row(table: string, name: string | RegExp): Locator {
    return this.page.getByRole('grid', { name: table, exact: true }).getByRole('row', { name });
  }

  /** A slot of the channel map. */
  slot(name: string | RegExp): Locator {
    return this.page.getByRole('option', { name, exact: typeof name === 'string' });
  }

  notice(text: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Notifications' }).getByText(text);
  }

  /** Runs a command by the palette. */
  async run(command: string): Promise<void> {
    const { page } = this;
    await page.keyboard.press('F1');
    await page.getByRole('searchbox', { name: 'Commands' }).fill(command);
    await this.chooseFirst(command);
  }

  /** What was found first in the palette has the keyboard's attention: Enter chooses it. */
  async chooseFirst(name: string | RegExp): Promise<void> {
    const { page } = this;
    await page.locator('[role=menuitem][data-focused]').filter({ hasText: name }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.palette').waitFor({ state: 'detached' });
  }

  /** Chooses from a list that opens. */
  async choose(label: string, option: string): Promise<void> {
    await this.page.getByRole('button', { name: label }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** Drags a file from a file manager onto an element and lets go of it. */
  async dropFile(onto: Locator, file: string): Promise<void> {
    await onto.scrollIntoViewIfNeeded();
    const box = await onto.boundingBox();
    if (!box) throw new Error('nothing to drop it onto');
    const session = await this.page.context().newCDPSession(this.page);
    const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const copy = 1;
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      const data = { items: [], files: [file], dragOperationsMask: copy };
      await session.send('Input.dispatchDragEvent', { type, ...place, data });
    }
    await session.detach();
  }
}

export async function newPage(
  browser: Browser,
  viewport: { readonly width: number; readonly height: number },
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  return page;
}

/**
 * A workbench for the tests of one `describe`. Each begins without streams of ours; after one that failed the page is opened anew. Each
 * fails if the page complained.
 *
 * @param harmless complaints that any of them may bring about
 */
export function useWorkbench(harmless?: RegExp): () => Workbench {
  const lab = useLab();
  let workbench: Workbench | undefined;
  let hasFailed = false;
  const get = (): Workbench => {
    if (!workbench) throw new Error('the workbench exists only while tests run');
    return workbench;
  };
  beforeAll(async () => {
    workbench = await Workbench.open(lab());
  });
  beforeEach(async () => {
    if (hasFailed) await get().load();
    hasFailed = false;
    await get().clear();
    get().complaints.length = 0;
    get().expected = undefined;
  });
  afterEach(async ({ task }) => {
    hasFailed = task.result?.state === 'fail';
    if (!workbench) return;
    const { complaints, expected, page } = workbench;
    if (hasFailed) {
      const picture = join(repository, 'build/screenshots', `${task.name.slice(0, 60)}.png`);
      await page.screenshot({ path: picture }).catch(console.error);
      return;
    }
    expect(complaints.filter((each) => !expected?.test(each) && !harmless?.test(each))).toEqual([]);
  });
  afterAll(() => workbench?.close());
  return get;
}
