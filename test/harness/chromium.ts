import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import type { Lab, Station } from './lab.ts';

/** Debian's Chromium with an empty profile inside a station's namespace, where the page's loopback address is. Close it after use. */
export function launchChromiumAt(lab: Lab, at: Station): Promise<Browser> {
  const program = lab.file('chromium.sh');
  writeFileSync(program, `#!/bin/sh\nexec ip netns exec ${at.namespace} chromium "$@"\n`);
  chmodSync(program, 0o700);
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu', ...quiet] });
}

/** Resolves when the page shows the state of its host. */
export function connected(page: Page): Promise<void> {
  return page.getByRole('contentinfo').getByText('Connected', { exact: true }).waitFor();
}

/** What a page should never say: errors, warnings, exceptions, requests that failed. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  return complaints;
}

/** Presses a button that saves a file. */
export async function saved(button: Locator): Promise<{ readonly name: string; readonly content: Buffer }> {
  const waiting = button.page().waitForEvent('download');
  await button.click();
  const download = await waiting;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}
