import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openWorkbench } from './browser.ts';
import { useStandIn } from './use-stand-in.ts';

const standIn = useStandIn();
const { host } = standIn;
let page: Page;
beforeEach(() => {
  ({ page } = standIn);
});

describe('the SDP of a session', () => {
  it('has what is wrong in it underlined while it is being changed', async () => {
    await openWorkbench(page, standIn.address);
    await page.getByRole('button', { name: 'SDP of FOH Matrix Out' }).click();
    await page.getByRole('textbox', { name: 'SDP of FOH Matrix Out' }).click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('hello\n');
    const underlined = page.locator('.cm-lintRange-warning', { hasText: 'hello' });
    await underlined.waitFor();
    const remarks = page.getByRole('list', { name: 'Remarks about the SDP' });
    await remarks.getByText('Warning, line 1, column 1: This is not an x=value line').waitFor();
    await page.getByRole('button', { name: 'As announced' }).click();
    await underlined.waitFor({ state: 'detached' });
  });
});

describe('the settings file', () => {
  const text = () => page.getByRole('textbox', { name: 'Settings file' });
  const linkOffset = () => page.getByRole('option', { name: /receivers.linkOffsetMs/ });

  /** In an editor, with the cursor behind its last setting. */
  async function openFile(): Promise<void> {
    await openWorkbench(page, standIn.address);
    await page.keyboard.press('F1');
    await page.getByRole('searchbox', { name: 'Commands' }).fill('Open the settings file');
    await page
      .locator('[role=menuitem][data-focused]')
      .filter({ hasText: 'Open the settings file' })
      .waitFor();
    await page.keyboard.press('Enter');
    await text().click();
    for (const key of ['Control+End', 'ArrowUp', 'ArrowUp', 'End']) await page.keyboard.press(key);
  }

  it('is edited with completion and saved', async () => {
    await openFile();
    await page.keyboard.type(',\n"receivers');
    await linkOffset().click();
    await page.getByRole('button', { name: 'Save' }).click();
    const saved = /^PUT \/settings\/file [\s\S]*"receivers.linkOffsetMs": 3/;
    await vi.waitFor(() => expect(host.changes.find((change) => saved.test(change))).toBeDefined(), 30_000);
    await page.getByRole('region', { name: 'Notifications' }).getByText('Settings saved.').waitFor();
  });

  it('keeps the cursor where it is while somebody types faster than the page draws', async () => {
    await openFile();
    // So often that the page is drawing at every moment of a keystroke; what no completion begins with, as Enter would accept one.
    await page.keyboard.type('\n/'.repeat(100));
    expect((await text().textContent())?.replace(/\s/g, '')).toContain(`"senders.ttl":8${'/'.repeat(100)}}`);
  });

  it('does not lose what somebody begins to write while it is being read again', async () => {
    await openFile();
    let answer = (): void => undefined;
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/settings/file', async (route) => {
      await mayAnswer;
      await route.continue();
    });
    const asked = page.waitForRequest('**/settings/file');
    host.settingsText = '{ "senders.ttl": 12 }';
    host.change({ settings: { ...host.state.settings, path: '/elsewhere/settings.json' } });
    await asked;
    await page.keyboard.type(' // mine');
    const answered = page.waitForResponse('**/settings/file');
    answer();
    await (await answered).finished();
    await page.getByRole('button', { name: 'Read again' }).hover();
    expect(await text().textContent()).toContain('8 // mine');
    await page.getByRole('button', { name: 'Read again' }).click();
    await vi.waitFor(async () => expect(await text().textContent()).toContain('12'), 30_000);
    await page.unrouteAll();
  });
});
