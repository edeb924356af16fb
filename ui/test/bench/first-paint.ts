// `npm run bench -- first-paint`: how soon the page shows something, and its lists, written into docs/performance.md between its marks.
// `--dry` only prints.
import type { Page } from 'playwright-core';
import { launchChromium } from '../browser.ts';
import { StandInHost } from '../stand-in/stand-in-host.ts';
import { machine, putIntoPerformancePage } from './docs-table.ts';

const rounds = 6;

/** Milliseconds since the page was asked for. */
interface Visit {
  readonly paint: number;
  readonly lists: number;
}

const host = new StandInHost();
const address = await host.start();
const browser = await launchChromium();
// The first one of a browser is not the page's fault.
await visits();
const all: { readonly first: Visit; readonly again: Visit }[] = [];
for (let round = 0; round < rounds; round++) all.push(await visits());
await browser.close();
await host.stop();

const row = (name: string, pick: (visit: (typeof all)[number]) => number): string => {
  const sorted = all.map(pick).sort((a, b) => a - b);
  const [median, most] = [sorted[Math.floor(sorted.length / 2)] ?? NaN, sorted.at(-1) ?? NaN];
  return `| ${name} | ${(median / 1000).toFixed(2)} | ${(most / 1000).toFixed(2)} |`;
};
const table = [
  `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- first-paint\`, ${rounds} rounds, headless Chromium without a GPU, on`,
  `${machine()}. The host is a stand-in on the same machine, with the small studio of the tests.`,
  '',
  '| seconds since the page was asked for | median | most |',
  '| --- | --- | --- |',
  row('first visit, empty profile: first contentful paint', ({ first }) => first.paint),
  row('first visit, empty profile: sessions, receivers and senders in sight', ({ first }) => first.lists),
  row('reloaded: first contentful paint', ({ again }) => again.paint),
  row('reloaded: sessions, receivers and senders in sight', ({ again }) => again.lists),
].join('\n');
console.log(table);
if (process.argv[2] === undefined) putIntoPerformancePage('first-paint', table);
process.exit(0);

/** A first visit, and another one of the same browser. */
async function visits(): Promise<{ first: Visit; again: Visit }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript('globalThis.__name = (f) => f');
  await context.addInitScript(watchForLists);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  // The address that signs a browser in leads to the page: what is measured is the page.
  await page.goto(`${host.origin}/icon.svg`);
  await page.request.get(address);
  const first = await visit(page, () => page.goto(host.origin));
  const again = await visit(page, () => page.reload());
  await context.close();
  return { first, again };
}

async function visit(page: Page, go: () => Promise<unknown>): Promise<Visit> {
  await go();
  await page.waitForFunction(() => 'listsAt' in window);
  return page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    lists: (window as unknown as { listsAt: number }).listsAt,
  }));
}

/** In the page: keeps the time of the first frame after all three lists have rows. */
function watchForLists(): void {
  const lists = ['Sessions', 'Receivers', 'Senders'];
  const isThere = (name: string): boolean =>
    document.querySelector(`[role=grid][aria-label="${name}"] [role=rowheader]`) !== null;
  const watch = new MutationObserver(() => {
    if (!lists.every(isThere)) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => Object.assign(window, { listsAt: performance.now() })));
  });
  watch.observe(document, { childList: true, subtree: true });
}
