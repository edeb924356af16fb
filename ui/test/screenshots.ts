// Writes the pictures of the documentation: `npx tsx ui/test/screenshots.ts`, after `npm run build -- --ts`. The host is the
// stand-in with its small studio, so that the pictures show no network of anybody's.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from './browser.ts';
import { StandInHost } from './stand-in/stand-in-host.ts';

const folder = resolve(import.meta.dirname, '../../docs/images');
mkdirSync(folder, { recursive: true });

const host = new StandInHost();
const address = await host.start();
const browser = await launchChromium();
const context = await browser.newContext({
  viewport: { width: 1280, height: 800 },
  colorScheme: 'dark',
  reducedMotion: 'reduce',
});
const page = await context.newPage();
page.setDefaultTimeout(90_000);
await page.goto(address);
await page.getByRole('contentinfo').getByText('Connected', { exact: true }).waitFor();
await page.waitForTimeout(2000);

const shot = (name: string): Promise<Buffer> =>
  page.screenshot({ path: join(folder, `${name}.png`), timeout: 90_000 });
const activity = (name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name }).click();
const settle = (on: Page): Promise<void> => on.waitForTimeout(1500);

await shot('streams-dark');
await page.getByRole('tab', { name: /^Problems/ }).click();
await page.getByRole('button', { name: 'SDP of AVIO-USB-0a4f1c : 2' }).click();
await page.locator('.cm-line').first().waitFor();
await settle(page);
await shot('sdp-dark');
await activity('Extensions');
await page.getByRole('tab', { name: 'Events' }).click();
await settle(page);
await shot('extensions-dark');
await activity('Settings');
await settle(page);
await shot('settings-dark');
await activity('Device');
await settle(page);
await shot('device-dark');
await page.keyboard.press('F1');
await settle(page);
await shot('commands-dark');
await page.keyboard.press('Escape');
await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
await activity('Streams');
await page.getByRole('tab', { name: 'Meters' }).click();
await settle(page);
await shot('streams-light');
await page.getByRole('button', { name: /^Theme: / }).click();
await page.getByRole('menuitemradio', { name: 'High contrast, dark' }).click();
await settle(page);
await shot('streams-high-contrast');
await browser.close();
await host.stop();
