import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @throws Error if there is none. */
function chromiumFile(): string {
  const file = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(file)) {
    throw new Error(`${file} is missing: apt-get install chromium, or set CHROMIUM to a Chromium`);
  }
  return file;
}

/** Chromium with a new, empty profile that talks to nobody but us. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumFile(), args: chromiumArguments });
}

/** A Chromium that a person might have: nobody looks into it but while its page is being driven. */
export interface UnwatchedChromium {
  drive<T>(work: (page: Page) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Chromium as {@link launchChromium} starts it, with one page, for measurements: a debugger that is attached has every message of a
 * WebSocket reported to it, through three processes. @param size of the window, CSS pixels.
 */
export async function startUnwatchedChromium(size: {
  readonly width: number;
  readonly height: number;
}): Promise<UnwatchedChromium> {
  const profile = mkdtempSync(join(tmpdir(), 'tutti-chromium-'));
  const child = spawn(
    chromiumFile(),
    [
      ...chromiumArguments,
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      `--window-size=${size.width},${size.height}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  process.once('exit', () => child.kill());
  const address = await new Promise<string>((found, failed) => {
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
      const match = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (match !== undefined) found(match);
    });
    child.once('exit', () => failed(new Error(`Chromium ended at once:\n${said}`)));
  });
  return {
    drive: async (work) => {
      const browser = await chromium.connectOverCDP(address);
      const page = browser.contexts()[0]?.pages()[0];
      if (!page) throw new Error('the browser has no page');
      page.setDefaultTimeout(60_000);
      // The transpiler names functions by a helper that only its modules have.
      await page.evaluate('globalThis.__name = (f) => f');
      const result = await work(page);
      await browser.close();
      return result;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      // Its children may write a little longer than it; only the asynchronous one tries again when they did.
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
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
