// Writes the pictures of the documentation: `npx tsx ui/test/screenshots.ts`, after `npm run build -- --ts`. The host is the
// stand-in with its small studio, so that the pictures show no network of anybody's.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launchChromium, newPage, openWorkbench } from './browser.ts';
import { sampleContributions } from './stand-in/sample-contributions.ts';
import { StandInHost } from './stand-in/stand-in-host.ts';

const folder = resolve(import.meta.dirname, '../../docs/images');
mkdirSync(folder, { recursive: true });

const host = new StandInHost();
const address = await host.start();
const browser = await launchChromium();
const page = await newPage(browser, { viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(90_000);
await openWorkbench(page, address);

const shot = (name: string): Promise<Buffer> =>
  page.screenshot({ path: join(folder, `${name}.png`), timeout: 90_000 });
const settle = (ms = 1200): Promise<void> => page.waitForTimeout(ms);
const activity = (name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name }).click();
const panel = (name: string | RegExp): Promise<void> => page.getByRole('tab', { name }).click();

/** Every part once, in the theme that is in force. */
async function shootAll(theme: string): Promise<void> {
  await panel('Meters');
  await settle(2500);
  await shot(`streams-${theme}`);
  await activity('Routing');
  await settle();
  await shot(`routing-${theme}`);
  // What has a history needs some.
  await activity('Statistics');
  await settle(3500);
  await shot(`statistics-${theme}`);
  await activity('Clock');
  await settle();
  await shot(`clock-${theme}`);
  await activity('Device');
  await panel(/^Problems/);
  await settle();
  await shot(`device-${theme}`);
  await activity('Streams');
  await page.getByRole('button', { name: 'SDP of AVIO-USB-0a4f1c : 2' }).click();
  await page.locator('.cm-line').first().waitFor();
  await settle();
  await shot(`sdp-${theme}`);
  await page.keyboard.press('Alt+w');
  await activity('Extensions');
  await panel('Events');
  await settle();
  await shot(`extensions-${theme}`);
  await activity('Settings');
  await settle();
  await shot(`settings-${theme}`);
  await page.keyboard.press('F1');
  await settle();
  await shot(`commands-${theme}`);
  await page.keyboard.press('Escape');
}

async function choose(theme: string): Promise<void> {
  await page.getByRole('button', { name: /^Theme: / }).click();
  await page.getByRole('menuitemradio', { name: theme, exact: true }).click();
  await settle();
}

await shootAll('dark');
await choose('Light');
await activity('Streams');
await shootAll('light');
await activity('Routing');
await panel('Meters');
await choose('High contrast, dark');
await shot('routing-high-contrast');
await choose('Dark');
host.contributions = sampleContributions;
host.tell({ kind: 'contributions' });
await activity('Streams');
await page.keyboard.press('Control+b');
await page.getByRole('treegrid', { name: 'Loudness' }).waitFor();
await panel('Loudness');
await settle();
await shot('views-dark');
await browser.close();
await host.stop();
