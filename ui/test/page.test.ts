import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AxeResults } from 'axe-core';
import {
  buildPage,
  connected,
  launchChromium,
  newPage,
  openWorkbench,
  pictureOf,
  watchForFaults,
} from './browser.ts';
import { sdpText } from './stand-in/sample-state.ts';
import { StandInHost } from './stand-in/stand-in-host.ts';

// Long: the machine may be busy, and what passes does not wait.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let browser: Browser;
let host: StandInHost;
let address: string;
let page: Page;
let faults: string[];
/** Faults that a test brought about itself, when it takes the host away. */
let expected: RegExp | undefined;

beforeAll(async () => {
  buildPage();
  browser = await launchChromium();
});

afterAll(() => browser.close());

beforeEach(async () => {
  host = new StandInHost();
  address = await host.start();
  expected = undefined;
  page = await newPage(browser, { reducedMotion: 'no-preference' });
  page.setDefaultTimeout(60_000);
  faults = watchForFaults(page);
  await openWorkbench(page, address);
});

afterEach(async () => {
  await page.context().close();
  await host.stop();
  expect(faults.filter((fault) => !expected?.test(fault))).toEqual([]);
});

const row = (name: string | RegExp) => page.getByRole('row', { name });
const dialog = () => page.getByRole('dialog');
const changed = (pattern: RegExp) =>
  vi.waitFor(() => expect(host.changes.find((change) => pattern.test(change))).toBeDefined(), 30_000);
const errorOf = async (label: string): Promise<string> => {
  const ids = (await dialog().getByLabel(label).getAttribute('aria-describedby')) ?? '';
  const texts = ids.split(' ').map((id) => page.locator(`[id="${id}"]`).textContent());
  return (await Promise.all(texts)).join(' ');
};

describe('the page', () => {
  it('shows every session, receiver and sender under its strict security policy', async () => {
    for (const name of ['Sessions', 'Receivers', 'Senders', 'Meters'])
      await expect(page.getByRole('heading', { name, exact: true }).count()).resolves.toBe(1);
    const rows = await page.getByRole('grid', { name: 'Sessions' }).getByRole('row').count();
    expect(rows).toBe(1 + host.state.sessions.length);
    await page.getByRole('grid', { name: 'Receivers' }).getByText('Set the device to 96 kHz').waitFor();
    await page.getByRole('grid', { name: 'Senders' }).getByText('Talkback').waitFor();
    await page.getByText(/^Clock locked · ptp · ±\d+ ns · 00-1D-C1-FF-FE-12-34-56 · domain 0/).waitFor();
    expect(await page.title()).toBe('AES67 Device – Tutti');
  });

  it('follows the counters as they change', async () => {
    const packets = () =>
      row(/Stagebox Left.*5004 enp3s0/)
        .getByRole('gridcell')
        .nth(5)
        .textContent();
    const before = await packets();
    await vi.waitFor(async () => expect(await packets()).not.toBe(before), 30_000);
  });

  it('says of each link of a receiver whether it holds, and why, and marks the row by the worst', async () => {
    const button = page.getByRole('button', {
      name: /^Health of Commentary Unit 3: Unhealthy\. The stream runs/,
    });
    await button.click();
    const links = dialog().getByRole('listitem');
    expect(await links.count()).toBe(5);
    expect(await links.nth(3).innerText()).toMatch(
      /Stream\s+Unhealthy\s+The stream runs at 96 kHz.*What to do:/s,
    );
    expect(await links.nth(4).innerText()).toContain('Not judged');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('locks and unlocks the show from the status bar, and says so to everybody', async () => {
    await page.getByRole('button', { name: 'Unlocked' }).click();
    await dialog().getByLabel('Note').fill('on air');
    await dialog().getByRole('button', { name: 'Lock' }).click();
    await page.getByRole('button', { name: 'Locked: on air' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('button', { name: 'Unlocked' }).waitFor();
  });

  it('marks a receiver that loses packets with more than a colour', async () => {
    const receivers = host.state.receivers.map((receiver) => ({
      ...receiver,
      counters: { ...receiver.counters, lost: 17 },
    }));
    host.change({ receivers });
    const cell = row(/Stagebox Left.*5004 enp3s0/).getByRole('gridcell', { name: '17', exact: true });
    await cell.locator('.codicon-warning').waitFor();
  });

  it('filters sessions by any of their words', async () => {
    await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('avio 2 ch');
    const sessions = page.getByRole('grid', { name: 'Sessions' }).getByRole('row');
    await vi.waitFor(async () => expect(await sessions.count()).toBe(2), 30_000);
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByText('No session matches').waitFor();
  });

  it('keeps the theme that was chosen', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await page.getByRole('button', { name: 'Theme: As the system' }).click();
    await page.getByRole('menuitemradio', { name: 'Light', exact: true }).click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    await connected(page);
    expect(await ground()).toBe(light);
  });

  it('says how to sign in when the host does not know it', async () => {
    expected = /401|WebSocket/;
    await page.context().clearCookies();
    await page.goto(host.origin);
    await page.getByRole('alert').getByText('Open it with `tutti open`').waitFor();
  });
});

describe('receiving', () => {
  it('adds a receiver through the form, and removes it after asking', async () => {
    await page.getByRole('button', { name: 'Receive AVIO-USB-0a4f1c : 2' }).click();
    await dialog().getByText('first free inputs (9–10 now)').waitFor();
    await dialog().getByLabel('Channels to inputs').fill('1-2:65-66');
    await dialog().getByLabel('Link offset (ms)').fill('2.5');
    await dialog().getByRole('button', { name: 'Receive', exact: true }).click();
    await row(/AVIO-USB-0a4f1c : 2 239/)
      .getByText('1–2 → 65–66')
      .waitFor();
    await changed(/^POST \/receivers .*"sessionId":"avio".*"map":"1-2:65-66","linkOffsetMs":2.5/);
    await dialog().waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Remove receiver AVIO-USB-0a4f1c : 2' }).click();
    await page.getByRole('alertdialog').getByText('Inputs 65–66 go silent.').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await row(/AVIO-USB-0a4f1c : 2 239/).waitFor({ state: 'detached' });
    await changed(/^DELETE \/receivers\/r/);
  });

  it('shows what the host refuses at the field it names, with the fix, and keeps what was entered', async () => {
    expected = /409/;
    await page.getByRole('button', { name: 'Receive AVIO-USB-0a4f1c : 2' }).click();
    const map = dialog().getByLabel('Channels to inputs');
    await map.fill('1-2:1-2');
    await dialog().getByRole('button', { name: 'Receive', exact: true }).click();
    await dialog().getByText('Input 1 already has a receiver.').waitFor();
    expect(await errorOf('Channels to inputs')).toContain('Choose free inputs, or remove that receiver.');
    expect(await map.getAttribute('aria-invalid')).toBe('true');
    expect(await map.inputValue()).toBe('1-2:1-2');
    expect(await map.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(host.state.receivers).toHaveLength(3);

    await map.fill('1-2:11-12');
    await dialog().getByRole('button', { name: 'Receive', exact: true }).click();
    await row(/AVIO-USB-0a4f1c : 2 239/)
      .getByText('1–2 → 11–12')
      .waitFor();
  });

  it('shows a problem that no field is to blame for as an alert', async () => {
    expected = /404/;
    await page.getByRole('button', { name: 'Remove receiver Stagebox Left 1-8' }).click();
    const alert = page.getByRole('alertdialog');
    await alert.getByText('Inputs 1–8 go silent.').waitFor();
    await page.route('**/api/v1/receivers/r1', (route) =>
      route.fulfill({
        status: 404,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'notFound', message: 'There is no r1.', status: 404 }),
      }),
    );
    await alert.getByRole('button', { name: 'Remove' }).click();
    await alert.getByRole('alert').getByText('There is no r1.').waitFor();
  });

  it('receives a pasted SDP and says at once what it reads in it', async () => {
    await page.getByRole('button', { name: 'Receive from SDP…' }).click();
    const sdp = dialog().getByLabel('SDP', { exact: true });
    await sdp.fill('hello');
    await dialog().getByText('Error, line 1, column 1').waitFor();
    await sdp.fill(sdpText('By hand', 4, ['239.5.5.5']));
    await dialog().getByText('L24 · 48 kHz · 4 ch · 1 ms').waitFor();
    await dialog().getByRole('button', { name: 'Receive', exact: true }).click();
    await row(/By hand 239.5.5.5:5004/)
      .getByText('1–4 → 9–12')
      .waitFor();
  });
});

describe('sending', () => {
  it('adds a sender, shows and copies its SDP, and removes it', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Add sender…' }).click();
    await dialog().getByLabel('Name').fill('Stream to OB van');
    await dialog().getByLabel('Device outputs').fill('1-16');
    await dialog()
      .getByText(/2304 of 1440 bytes\. .* Too big/)
      .waitFor();
    await dialog().getByLabel('Device outputs').fill('17-20');
    await dialog().getByText('4 ch × 48 frames: 576 of 1440 bytes. 5.2 Mbit/s').waitFor();
    await dialog().getByRole('button', { name: 'Add sender' }).click();
    await row(/Stream to OB van/)
      .getByText('17–20 → 1–4')
      .waitFor();
    await changed(/^POST \/senders {"name":"Stream to OB van","channels":"17-20","format":"L24","ptime":1}$/);

    await page.getByRole('button', { name: 'SDP of sender Stream to OB van' }).click();
    await page.getByText('a=rtpmap:98 L24/48000/4').waitFor();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('s=Stream to OB van');
    await page.keyboard.press('Alt+w');

    await page.getByRole('button', { name: 'Remove sender Stream to OB van' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await row(/Stream to OB van/).waitFor({ state: 'detached' });
  });

  it('shows an address that cannot be at the destination', async () => {
    expected = /422/;
    await page.getByRole('button', { name: 'Add sender…' }).click();
    await dialog().getByLabel('Name').fill('Wrong');
    await dialog().getByLabel('Device outputs').fill('1-2');
    await dialog().getByLabel('Destination').fill('224.0.0.5');
    await dialog().getByRole('button', { name: 'Add sender' }).click();
    await dialog().getByText('224.0.0.5 belongs to the network').waitFor();
    expect(await errorOf('Destination')).toContain('Write a multicast group and a port');
  });
});

describe('the connection', () => {
  it('says that it is gone, and shows the new state when it is back', async () => {
    expected = /WebSocket|ERR_/;
    const port = Number(new URL(host.origin).port);
    await host.stop();
    await page.getByText('No connection to the host. Reconnecting…').waitFor();
    await page.getByText('Reconnecting', { exact: true }).waitFor();
    await row(/FOH Matrix Out.*5004 enp3s0/).waitFor();

    host.state = { ...host.state, senders: host.state.senders.filter(({ id }) => id !== 's2') };
    await host.start(port);
    await connected(page);
    await page.getByText('No connection to the host').waitFor({ state: 'detached' });
    await row(/Talkback/).waitFor({ state: 'detached' });
    const before = await pictureOf(page, 'Read one input meter');
    await vi.waitFor(
      async () => expect(await pictureOf(page, 'Read one input meter')).not.toBe(before),
      30_000,
    );
  });
});

describe('the meters', () => {
  it('paint what comes, on both sides', async () => {
    for (const label of ['Read one input meter', 'Read one output meter']) {
      const before = await pictureOf(page, label);
      await vi.waitFor(async () => expect(await pictureOf(page, label)).not.toBe(before), 30_000);
    }
  });

  it('are gone while another panel is in front', async () => {
    await page.getByRole('tab', { name: /^Problems/ }).click();
    await page.getByLabel('Read one output meter').waitFor({ state: 'detached' });
    // Nobody looks at levels, so that none are sent.
    await vi.waitFor(() => expect(host.listeners).toBe(0), 30_000);
    await page.getByRole('tab', { name: 'Meters' }).click();
    await page.getByLabel('Read one output meter').waitFor();
    await vi.waitFor(() => expect(host.listeners).toBe(1), 30_000);
  });

  it('read out the channel under the pointer', async () => {
    const box = await page.getByLabel('Read one input meter').boundingBox();
    if (!box) throw new Error('no meters');
    await page.mouse.move(box.x + 30, box.y + 60);
    await page.getByText(/^Input 1 · Stagebox Left 1-8 1 “Kick” · −\d+\.\d dBFS · hold/).waitFor();
  });

  it('tell channels with signal to those who do not see them', async () => {
    const meter = page.getByRole('meter', { name: 'Input 1, Stagebox Left 1-8 1 “Kick”' });
    await meter.waitFor({ state: 'attached' });
    expect(Number(await meter.getAttribute('aria-valuenow'))).toBeLessThan(0);
    expect(await page.getByRole('meter', { name: /^Input 100/ }).count()).toBe(0);
  });
});

describe('without a mouse', () => {
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  const tabTo = async (label: string): Promise<void> => {
    for (let i = 0; i < 30 && (await focused()) !== label; i++) await page.keyboard.press('Tab');
    expect(await focused()).toBe(label);
  };

  /** Tab to a table, down to a row (from 0), then along the row to a button: as few keys as a person needs. */
  const toButton = async (grid: string, rowIndex: number, arrow: string, label: string): Promise<void> => {
    const table = page.getByRole('grid', { name: grid });
    const inside = () => table.evaluate((element) => element.contains(document.activeElement));
    for (let i = 0; i < 20 && !(await inside()); i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Home');
    for (let i = 0; i < rowIndex; i++) await page.keyboard.press('ArrowDown');
    for (let i = 0; i < 9 && (await focused()) !== label; i++) await page.keyboard.press(arrow);
    expect(await focused()).toBe(label);
  };

  it('receives a session and removes the receiver again', async () => {
    await toButton('Sessions', 2, 'ArrowRight', 'Receive AVIO-USB-0a4f1c : 2');
    await page.keyboard.press('Enter');
    await dialog().waitFor();
    await vi.waitFor(
      async () => expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('map'),
      30_000,
    );
    await page.keyboard.type('1-2:99-100');
    await page.keyboard.press('Enter');
    await row(/AVIO-USB-0a4f1c : 2 239/)
      .getByText('1–2 → 99–100')
      .waitFor();
    await vi.waitFor(async () => expect(await focused()).toBe('Receive AVIO-USB-0a4f1c : 2'), 30_000);

    await page.keyboard.press('Tab');
    await toButton('Receivers', 3, 'ArrowLeft', 'Remove receiver AVIO-USB-0a4f1c : 2');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(host.state.receivers).toHaveLength(4);
    await vi.waitFor(async () => expect(await focused()).toBe('Remove receiver AVIO-USB-0a4f1c : 2'), 30_000);
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await row(/AVIO-USB-0a4f1c : 2 239/).waitFor({ state: 'detached' });
  });

  it('reads the meters channel by channel', async () => {
    await tabTo('Read one input meter');
    const value = () => page.getByLabel('Read one input meter').getAttribute('aria-valuetext');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('PageUp');
    expect(await value()).toMatch(/^Input 17 · FOH Matrix Out 1 “Kick” · /);
    await page.keyboard.press('End');
    expect(await value()).toMatch(/^Input 128 · no route · −∞ dBFS/);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await value()).toMatch(/^Input 2 · /);
  });
});

describe('accessibility (axe)', () => {
  const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const violations = async (): Promise<string[]> => {
    await page.evaluate(axeSource);
    const results = await page.evaluate<AxeResults>('axe.run(document)');
    return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  };

  it.each(['dark', 'light'] as const)(
    'finds nothing on the page and its dialogs in the %s theme',
    async (scheme) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      expect(await violations()).toEqual([]);
      for (const name of ['Receive from SDP…', 'Add sender…', 'Receive FOH Matrix Out']) {
        await page.getByRole('button', { name, exact: true }).click();
        await dialog().waitFor();
        expect(await violations()).toEqual([]);
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'detached' });
      }
      await page.keyboard.press('F1');
      await page.getByRole('menuitem', { name: 'View: Toggle panel' }).waitFor();
      expect(await violations()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('tab', { name: /^Problems/ }).click();
      await page.getByText('The audio thread runs without real-time priority.').waitFor();
      expect(await violations()).toEqual([]);
      await page.getByRole('button', { name: 'Remove sender Talkback' }).click();
      await page.getByRole('alertdialog').waitFor();
      expect(await violations()).toEqual([]);
    },
  );

  it('finds nothing on an empty page', async () => {
    host.change({ sessions: [], receivers: [], senders: [] });
    await page.getByText('Nothing is announced yet.').waitFor();
    expect(await violations()).toEqual([]);
  });
});
