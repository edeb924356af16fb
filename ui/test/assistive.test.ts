import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openWorkbench } from './browser.ts';
import { useStandIn } from './use-stand-in.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const standIn = useStandIn();
let page: Page;
beforeEach(async () => {
  ({ page } = standIn);
  await openWorkbench(page, standIn.address);
});

describe('what is spoken', () => {
  it('is spoken again when the same happens again', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'SDP of FOH Matrix Out' }).click();
    await page.evaluate(() => {
      const spoken: string[] = [];
      const region = document.querySelector('.visually-hidden[role=status]');
      if (!region) throw new Error('nobody speaks');
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const { textContent } of addedNodes) spoken.push(textContent ?? '');
      }).observe(region, { childList: true, characterData: true, subtree: true });
      Object.assign(window, { spoken });
    });
    const copy = page.getByRole('button', { name: /^(Copy|Copied)$/ });
    for (const times of [1, 2]) {
      await copy.click();
      await vi.waitFor(async () =>
        expect(await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken)).toEqual(
          Array.from({ length: times }, () => 'SDP copied.'),
        ),
      );
    }
  });

  it('is not silenced by a dialog', async () => {
    await page.getByRole('button', { name: 'Add sender…' }).click();
    await page.getByRole('dialog').waitFor();
    const silenced = page.locator(':is([inert], [aria-hidden=true])');
    expect(await silenced.count()).toBeGreaterThan(0);
    expect(await silenced.filter({ has: page.locator('.visually-hidden[role=status]') }).count()).toBe(0);
    expect(await silenced.and(page.locator('.visually-hidden[role=status]')).count()).toBe(0);
  });
});
