// `npm run bench -- frames`: what the crosspoint grid costs to draw, written into docs/performance.md between its two marks.
// `--dry` only prints; `--trace FILE` records three seconds of Chromium's own trace of the grid.
import type { Page } from 'playwright-core';
import { launchChromium } from '../browser.ts';
import { StandInHost } from '../stand-in/stand-in-host.ts';
import { machine, putIntoPerformancePage } from './docs-table.ts';
import { fullStudio } from './full-studio.ts';
import { chromiumCpuSeconds } from './process-tree.ts';

const seconds = 10;
const [option, file] = process.argv.slice(2);

interface Measured {
  /** Absent where nobody asked for frames. */
  readonly framesPerSecond?: number;
  /** Share of one core over all of Chromium's processes. */
  readonly cores: number;
}

const host = new StandInHost();
host.change(fullStudio());
const address = await host.start();
const browser = await launchChromium();

// What a browser without a GPU takes for frames in which nothing happens is not the page's.
const blank = await newPage();
await blank.goto('about:blank');
const floor = await measure(blank);
await blank.context().close();

const page = await newPage();
await page.goto(address);
await show('Device');
await page.getByRole('button', { name: 'Close panel' }).click();
await page.waitForTimeout(4000);
const resting = await measureAtRest();
await show('Routing');
await page.getByRole('button', { name: 'Toggle panel' }).click();
await page.getByText('128 routes').waitFor();
await page.waitForTimeout(4000);
const shown = await page.locator('.crosspoint-scroller').evaluate((element) => ({
  width: element.scrollWidth - element.clientWidth,
  height: element.scrollHeight - element.clientHeight,
}));

if (option === '--trace' && file !== undefined) {
  await browser.startTracing(page, {
    path: file,
    categories: ['cc', 'viz', 'blink', 'devtools.timeline', 'gpu', 'toplevel'],
  });
  await page.waitForTimeout(3000);
  await browser.stopTracing();
}

const layered = await measure(page);
// Last: it does not end.
await redrawEverything(page);
const naive = await measure(page);
await browser.close();
await host.stop();

const row = (name: string, { framesPerSecond, cores }: Measured): string =>
  `| ${name} | ${framesPerSecond?.toFixed(0) ?? 'none asked for'} | ${(100 * cores).toFixed(0)} % |`;
const table = [
  `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- frames\`, ${seconds} s each, headless Chromium without a GPU, on`,
  `${machine()}. 128 x 128 cells of 7 pixels (${shown.width + shown.height === 0 ? 'all in sight' : `${shown.width} x ${shown.height} pixels out of sight`}), 128 routes, all 128 inputs`,
  'and 128 outputs with moving levels: bars beside the rows and the 256 meters of the panel.',
  '',
  '| what is drawn | frames/s | CPU of all Chromium processes, of one core |',
  '| --- | --- | --- |',
  row('an empty page, a loop of frames that does nothing: what Chromium itself takes', floor),
  row('the device’s page at rest, panel closed: the connection, with levels 25 times a second', resting),
  row('grid, bars and meters: only what changed', layered),
  row('the same, the grid drawn whole in every frame', naive),
].join('\n');
console.log(table);
if (option === undefined) putIntoPerformancePage('frames', table);
process.exit(0);

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1720, height: 1440 } });
  await context.addInitScript('globalThis.__name = (f) => f');
  // 128 x 128 cells at once: the smallest ones, without the channel map beside them.
  await context.addInitScript(() => {
    if (location.protocol === 'http:') localStorage.setItem('tutti.routing', '{"cell":7,"showMap":false}');
  });
  const opened = await context.newPage();
  opened.setDefaultTimeout(60_000);
  return opened;
}

function show(activity: string): Promise<void> {
  return page.getByRole('navigation').getByText(activity, { exact: true }).click();
}

/** Without a loop of frames of our own: asking for them is what costs. */
async function measureAtRest(): Promise<Measured> {
  const [cpu, time] = [chromiumCpuSeconds(), performance.now()];
  await page.waitForTimeout(seconds * 1000);
  return { cores: (chromiumCpuSeconds() - cpu) / ((performance.now() - time) / 1000) };
}

/** Frames that the page made and what Chromium used meanwhile. */
async function measure(page: Page): Promise<Measured> {
  const [cpu, time] = [chromiumCpuSeconds(), performance.now()];
  const frames = await page.evaluate(
    (ms) =>
      new Promise<number>((done) => {
        let count = 0;
        const end = performance.now() + ms;
        const next = (): void => {
          count += 1;
          if (performance.now() < end) requestAnimationFrame(next);
          else done(count);
        };
        requestAnimationFrame(next);
      }),
    seconds * 1000,
  );
  const elapsed = (performance.now() - time) / 1000;
  return { framesPerSecond: frames / elapsed, cores: (chromiumCpuSeconds() - cpu) / elapsed };
}

/** From now on the grid is scrolled by a pixel in every frame, so that all of it is drawn anew, as without layers. */
async function redrawEverything(page: Page): Promise<void> {
  await page.locator('.crosspoint-scroller').evaluate((element) => {
    const extent = element.querySelector<HTMLElement>('.crosspoint-extent');
    if (!extent) throw new Error('there is no grid');
    extent.style.minHeight = `${element.clientHeight + 2}px`;
    const jitter = (): void => {
      element.scrollTop = element.scrollTop === 0 ? 1 : 0;
      requestAnimationFrame(jitter);
    };
    requestAnimationFrame(jitter);
  });
}
