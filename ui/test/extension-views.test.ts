import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildPage, launchChromium, newPage, openWorkbench, watchForFaults } from './browser.ts';
import { RealHost } from './real-host.ts';
import { writeSampleExtension } from './sample-extension.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let host: RealHost;
let page: Page;
let faults: string[];
let folder: string;
/** Faults that a test brings about itself. */
let expected: RegExp | undefined;

beforeAll(async () => {
  buildPage();
  folder = mkdtempSync(join(tmpdir(), 'tutti-extension-'));
  [browser, host] = await Promise.all([launchChromium(), RealHost.start(writeSampleExtension(folder))]);
});
afterAll(async () => {
  await browser.close();
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  expected = undefined;
  page = await newPage(browser);
  faults = watchForFaults(page);
  await openWorkbench(page, host.address);
});
afterEach(async () => {
  await page.context().close();
  expect(faults.filter((fault) => !expected?.test(fault))).toEqual([]);
});

const bar = () => page.getByRole('contentinfo');
const notice = (text: string) => page.getByRole('region', { name: 'Notifications' }).getByText(text);
const runCommand = async (name: string): Promise<void> => {
  await page.keyboard.press('F1');
  await page.getByRole('searchbox', { name: 'Commands' }).fill(name);
  await page.locator('[role=menuitem][data-focused]').filter({ hasText: name }).waitFor();
  await page.keyboard.press('Enter');
  // The focus goes back to where it was, a frame after the palette is gone.
  await page.locator('.palette').waitFor({ state: 'detached' });
  await page.waitForTimeout(100);
};

describe('what an extension contributes to the workbench', () => {
  it('commands are run from the palette, by key, from menus and from the status bar', async () => {
    await bar()
      .getByRole('button', { name: /^Loudness \d/ })
      .waitFor();
    await runCommand('Loudness: Measure loudness');
    await notice('Measured by nobody').waitFor();
    await page.keyboard.press('Control+Alt+m');
    await notice('Measured by key').waitFor();
    await bar()
      .getByRole('button', { name: /^Loudness \d/ })
      .click();
    await notice('Measured by status').waitFor();
    await page.getByRole('navigation').getByRole('button', { name: 'Extensions' }).click();
    await page.getByRole('button', { name: 'More for Loudness' }).click();
    await page.getByRole('menuitem', { name: 'Measure loudness' }).click();
    await notice('Measured by acme.levels').waitFor();
    await page.keyboard.press('F1');
    await page.getByRole('searchbox', { name: 'Commands' }).fill('forget this');
    await page.getByText('Nothing matches.').waitFor();
    await page.getByRole('searchbox', { name: 'Commands' }).fill('only while locked');
    await page.getByText('Nothing matches.').waitFor();
  });

  it('a tree is unfolded, its items have menus, and it follows what changes', async () => {
    await runCommand('View: Show Loudness');
    const tree = page.getByRole('treegrid', { name: 'Loudness' });
    await tree.getByRole('row', { name: 'Opera' }).focus();
    await page.keyboard.press('ArrowRight');
    await tree.getByText('−23 LUFS').waitFor();
    await tree.getByRole('row', { name: 'News' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Forget this one' }).click();
    await tree.getByRole('row', { name: 'News' }).waitFor({ state: 'detached' });
    expect(await tree.getByRole('row').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('Opera'), expect.stringContaining('Talk')]),
    );
  });

  it('a table shows the rows in sight, in the order that is chosen', async () => {
    await page.getByRole('tab', { name: 'Loudness history' }).click();
    const table = page.getByRole('table', { name: 'Loudness history' });
    await table.getByText('Programme 3', { exact: true }).waitFor();
    expect(await table.getAttribute('aria-rowcount')).toBe('501');
    expect(await table.getByRole('row').count()).toBeLessThan(60);
    await table.getByRole('button', { name: 'LUFS' }).click();
    await vi.waitFor(
      async () => expect(await table.getByRole('row').nth(1).textContent()).toContain('−29'),
      30_000,
    );
    await table.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await vi.waitFor(
      async () => expect(await table.getByRole('row').last().textContent()).toContain('−23'),
      30_000,
    );
  });

  it('a web page talks to its extension and reaches nothing else', async () => {
    expected = /500 \(Internal Server Error\)/; // it asks for an error
    await runCommand('View: Show Loudness meter');
    const frame = page.frameLocator('iframe[title="Loudness meter"]');
    await frame.locator('#answer').getByText('"heard":{"hello":1}').waitFor();
    await frame.locator('#failure').getByText('refused on purpose').waitFor();
    await frame.locator('#reach').getByText('nothing').waitFor();
    await page.keyboard.press('Control+Alt+m');
    await vi.waitFor(
      async () => expect(Number(await frame.locator('#measured').textContent())).toBeGreaterThan(0),
      30_000,
    );
    const sandbox = await page.locator('iframe').getAttribute('sandbox');
    expect(sandbox).toBe('allow-scripts');
    // A page of the workbench's own cannot be told from one of an extension by its messages: they carry nothing.
    await page.evaluate(() => window.postMessage({ measured: 99 }, '*'));
    expect(await frame.locator('#measured').textContent()).not.toBe('99');
  });

  it('goes and comes back, while it is looked at, as the extension is disabled and enabled', async () => {
    expected = /500 \(Internal Server Error\)/; // the page asks for an error whenever it is loaded
    await runCommand('View: Show Loudness');
    await page.getByRole('treegrid', { name: 'Loudness' }).waitFor();
    await runCommand('View: Show Loudness meter');
    await page.locator('iframe').waitFor();
    await page.getByRole('navigation').getByRole('button', { name: 'Extensions' }).click();
    await page.getByRole('button', { name: 'Disable Loudness' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
    await bar()
      .getByRole('button', { name: /^Loudness \d/ })
      .waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Loudness history' }).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: /Loudness meter/ }).click();
    await page.getByText('What showed this is not there any more').waitFor();
    await page.getByRole('navigation').getByRole('button', { name: 'Streams' }).click();
    expect(await page.getByRole('treegrid', { name: 'Loudness' }).count()).toBe(0);

    await page.getByRole('navigation').getByRole('button', { name: 'Extensions' }).click();
    await page.getByRole('button', { name: 'Enable Loudness' }).click();
    await bar()
      .getByRole('button', { name: /^Loudness \d/ })
      .waitFor();
    await page.getByRole('tab', { name: 'Loudness history' }).waitFor();
    await page.getByRole('tab', { name: /Loudness meter/ }).click();
    await page.frameLocator('iframe').locator('#answer').getByText('"heard"').waitFor();
  });

  it('has no violation of accessibility', async () => {
    const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await runCommand('View: Show Loudness');
    await page.getByRole('treegrid', { name: 'Loudness' }).getByRole('row').first().waitFor();
    await page.getByRole('tab', { name: 'Loudness history' }).click();
    await page.getByText('Programme 3', { exact: true }).waitFor();
    await page.evaluate(axeSource);
    const results = await page.evaluate<AxeResults>("axe.run({ exclude: ['.sash'] })");
    expect(results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual(
      [],
    );
  });
});
