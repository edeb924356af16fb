// `npm run bench -- scrolling`: whether long lists stop while they scroll, written into docs/performance.md between its marks. `--dry`
// only prints.
import type { Locator } from 'playwright-core';
import { launchChromium, newPage, openWorkbench } from '../browser.ts';
import { sampleEvents } from '../stand-in/sample-extras.ts';
import { StandInHost } from '../stand-in/stand-in-host.ts';
import { machine, putIntoPerformancePage } from './docs-table.ts';

const rounds = 3;
/** Jumps of a whole screen in a round. */
const jumps = 40;

const host = new StandInHost();
const [first] = host.state.sessions;
if (!first) throw new Error('the sample has no session');
host.change({
  sessions: Array.from({ length: 500 }, (_, i) => ({ ...first, id: `x${i}`, name: `Session ${i}` })),
});
host.events = sampleEvents(10_000);
const address = await host.start();
const browser = await launchChromium();
const page = await newPage(browser);
await page.addInitScript('globalThis.__name = (f) => f');
await openWorkbench(page, address);
const rows: string[] = [];
for (const [role, name, count] of [
  ['grid', 'Sessions', 500],
  ['table', 'Events', 10_000],
] as const) {
  if (role === 'table') await page.getByRole('tab', { name }).click();
  const list = page.getByRole(role, { name, exact: true });
  await list.getByRole('row').nth(5).waitFor({ state: 'attached' });
  // What is compiled during the first one is no scrolling.
  await scroll(list, 1);
  await scroll(list, 1);
  const frames = await scroll(list, rounds);
  frames.sort((a, b) => a - b);
  const ms = (part: number): string => frames[Math.ceil(part * frames.length) - 1]?.toFixed(0) ?? '';
  rows.push(`| ${count} ${name.toLowerCase()} | ${ms(0.5)} | ${ms(0.95)} | ${ms(1)} |`);
}
await browser.close();
await host.stop();

const table = [
  `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench -- scrolling\`, ${rounds} times ${jumps} jumps, headless Chromium without a GPU, on`,
  `${machine()}. From a jump by a whole screen to the end of the frame that shows what is there, milliseconds:`,
  '',
  '| list | median | 95 % | most |',
  '| --- | --- | --- | --- |',
  ...rows,
].join('\n');
console.log(table);
if (process.argv[2] === undefined) putIntoPerformancePage('scrolling', table);
process.exit(0);

/** @returns ms of each jump. */
function scroll(list: Locator, times: number): Promise<number[]> {
  return list.evaluate(
    async (element, { times: rounds, jumps: count }) => {
      const taken: number[] = [];
      for (let i = 0; i < rounds * count; i++) {
        const before = performance.now();
        const next = element.scrollTop + element.clientHeight;
        element.scrollTop = next + element.clientHeight > element.scrollHeight ? 0 : next;
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        taken.push(performance.now() - before);
      }
      return taken;
    },
    { times, jumps },
  );
}
