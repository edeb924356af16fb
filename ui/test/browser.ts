import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { pageFolder } from './stand-in/page-file.ts';

const root = resolve(import.meta.dirname, '../..');

/** Builds the page unless it is newer than everything it is made of. */
export function buildPage(): void {
  const built = join(pageFolder, 'main.js');
  const sources = ['ui/src', 'ui/static'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(root, folder, file),
    ),
  );
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  const run = spawnSync(process.execPath, ['scripts/build.mjs', '--ts'], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the page cannot be built:\n${run.stderr}`);
}

/** Chromium with a new, empty profile that talks to nobody but us. */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(`${executablePath} is missing: apt-get install chromium, or set CHROMIUM to a Chromium`);
  }
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of a browser that remembers nothing, in a dark room where nothing moves for its own sake. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}

/** Goes to a host and waits until its state is shown. */
export async function openWorkbench(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await connected(page);
}

export function connected(page: Page): Promise<void> {
  return page.getByRole('contentinfo').getByText('Connected', { exact: true }).waitFor();
}

/** Collects what a page should never have: errors on its console, exceptions, violations of its security policy. */
export function watchForFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  return faults;
}

/** What is painted on a canvas, as text. */
export function pictureOf(page: Page, label: string): Promise<string> {
  return page.getByLabel(label, { exact: true }).evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error('this is no canvas');
    return element.toDataURL();
  });
}
