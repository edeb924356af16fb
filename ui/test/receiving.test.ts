import { beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { openWorkbench } from './browser.ts';
import { useStandIn } from './use-stand-in.ts';

const standIn = useStandIn();
const { host } = standIn;
let page: Page;
beforeEach(async () => {
  ({ page } = standIn);
  await openWorkbench(page, standIn.address);
});

it('takes a comma before the fraction of a link offset, and says what is no number', async () => {
  await page.getByRole('button', { name: 'Receive AVIO-USB-0a4f1c : 2' }).click();
  const linkOffset = page.getByRole('dialog').getByLabel('Link offset (ms)');
  await linkOffset.fill('soon');
  await page.getByRole('dialog').getByText('This is no number.').waitFor();
  await linkOffset.fill('2,5');
  await page.getByText('This is no number.').waitFor({ state: 'detached' });
  await linkOffset.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(host.changes).toEqual([expect.stringMatching(/^POST \/receivers .*"linkOffsetMs":2\.5[,}]/)]);
});
