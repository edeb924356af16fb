// `npm run bench -- frames`: what the crosspoint grid and the meters cost to draw, written into docs/performance.md between its two
// marks. `--dry` only prints; `--trace FILE` keeps three seconds of Chromium's own trace of the grid.
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { startUnwatchedChromium } from '../browser.ts';
import { StandInHost } from '../stand-in/stand-in-host.ts';
import { machine, putIntoPerformancePage } from './docs-table.ts';
import { fullStudio } from './full-studio.ts';
import { chromiumCpuSeconds } from './process-tree.ts';

/** Each measurement is several short ones, of which the median counts: what shares the machine's cores makes any single one dearer. */
const rounds = 5;
const seconds = 4;
/** For so long after something new is shown, ms, a browser compiles its code and collects the garbage of the loading. */
const settlingMs = 40_000;
const [option, file] = process.argv.slice(2);

interface Measured {
  /** Shares of one core over all of Chromium's processes. */
  readonly median: number;
  readonly least: number;
}

const host = new StandInHost();
host.change(fullStudio());
const address = await host.start();
const chromium = await startUnwatchedChromium({ width: 1720, height: 1570 });
// Chromium goes on starting for some seconds after it has a page: a process for the next page, its own files.
await wait(6000);

// What a browser without a GPU takes for frames in which nothing happens is not the page's.
await chromium.drive((page) => page.evaluate(countFrames));
const floor = await measure();
const floorFrames = await chromium.drive((page) => page.evaluate(framesPerSecond));

await chromium.drive(async (page) => {
  await page.goto(address);
  // 128 x 128 cells at once: the smallest ones, without the channel map beside them.
  await page.evaluate(() => localStorage.setItem('tutti.routing', '{"cell":7,"showMap":false}'));
  await page.reload();
  await show(page, 'Device');
  await page.getByRole('button', { name: 'Close panel' }).click();
});
await wait(settlingMs);
const resting = await measure();

const shown = await chromium.drive(async (page) => {
  await show(page, 'Routing');
  await page.getByRole('button', { name: 'Toggle panel' }).click();
  await page.getByRole('tab', { name: 'Meters' }).click();
  await page.getByText('128 routes').waitFor();
  return page.locator('.crosspoint-scroller').evaluate((element) => ({
    width: element.scrollWidth - element.clientWidth,
    height: element.scrollHeight - element.clientHeight,
  }));
});
const beginning = await measure();
await wait(settlingMs);
const moving = await measure();
const movingTrace = await trace();
if (option === '--trace' && file !== undefined) writeFileSync(file, movingTrace);
// Last: it does not end.
await chromium.drive(redrawEverything);
const naive = await measure();
const naiveTrace = await trace();
await chromium.stop();
await host.stop();

const row = (name: string, frames: number | undefined, { median, least }: Measured): string =>
  `| ${name} | ${frames?.toFixed(0) ?? 'none asked for'} | ${(100 * median).toFixed(0)} % | ${(100 * least).toFixed(0)} % |`;
const table = [
  `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- frames\`, ${rounds} times ${seconds} s each, headless Chromium without a GPU, no`,
  `debugger attached, on ${machine()}. 128 x 128 cells of 7 pixels (${shown.width + shown.height === 0 ? 'all in sight' : `${shown.width} x ${shown.height} pixels out of sight`}), 128 routes, all 128 inputs`,
  'and 128 outputs with moving levels: bars beside the rows and the 256 meters of the panel. The CPU is that of all Chromium processes, of',
  'one core. Frames are pictures that came onto the screen, counted in a trace after the measurement; those of the empty page are counted by',
  `itself. What has been shown for ${settlingMs / 1000} s is measured, but for the row that says otherwise. The meters of one side, those of the other, and the bars take turns: each meter is painted in every second frame, each bar in every sixth.`,
  '',
  '| what is drawn | frames/s | CPU, median | CPU, least |',
  '| --- | --- | --- | --- |',
  row('an empty page, a loop of frames that does nothing: what Chromium itself takes', floorFrames, floor),
  row('the device’s page at rest, panel closed: what changes twice a second', undefined, resting),
  row('grid, bars and meters: only what changed', picturesPerSecond(movingTrace), moving),
  row(`the same in its first ${1 + rounds * seconds} s, while its code is compiled`, undefined, beginning),
  row('the same, the grid drawn whole in every frame', picturesPerSecond(naiveTrace), naive),
].join('\n');
console.log(table);
if (option === undefined) putIntoPerformancePage('frames', table);
process.exit(0);

function show(page: Page, activity: string): Promise<void> {
  return page.getByRole('navigation').getByText(activity, { exact: true }).click();
}

async function measure(): Promise<Measured> {
  await wait(1000);
  const shares: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const [cpu, time] = [chromiumCpuSeconds(), performance.now()];
    await wait(seconds * 1000);
    shares.push((chromiumCpuSeconds() - cpu) / ((performance.now() - time) / 1000));
  }
  shares.sort((a, b) => a - b);
  console.log(shares.map((share) => `${(100 * share).toFixed(1)} %`).join(', '));
  return { median: shares[Math.floor(rounds / 2)] ?? 0, least: shares[0] ?? 0 };
}

/** Three seconds of Chromium's own trace. */
function trace(): Promise<Buffer> {
  return chromium.drive(async (page) => {
    const browser = page.context().browser();
    if (!browser) throw new Error('the page has no browser');
    await browser.startTracing(page, {
      categories: ['cc', 'viz', 'blink', 'devtools.timeline', 'gpu', 'toplevel'],
    });
    await wait(3000);
    return browser.stopTracing();
  });
}

/** How many pictures Chromium put onto the screen while it was traced. */
function picturesPerSecond(recorded: Buffer): number {
  const { traceEvents } = JSON.parse(recorded.toString()) as {
    readonly traceEvents: readonly { readonly name: string; readonly ts: number }[];
  };
  const times = traceEvents.flatMap(({ name, ts }) => (name === 'Display::DrawAndSwap' ? [ts] : []));
  const microseconds = Math.max(...times) - Math.min(...times);
  return ((times.length - 1) / microseconds) * 1e6;
}

/** A loop that asks for each frame of the page and does nothing. */
function countFrames(): void {
  const counted = { since: performance.now(), frames: 0 };
  const next = (): void => {
    counted.frames += 1;
    requestAnimationFrame(next);
  };
  next();
  Object.assign(window, { counted });
}

function framesPerSecond(): number {
  const { since, frames } = Reflect.get(window, 'counted') as Record<'since' | 'frames', number>;
  return (1000 * frames) / (performance.now() - since);
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
