import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openWorkbench } from './browser.ts';
import { useStandIn } from './use-stand-in.ts';

const standIn = useStandIn();
const { host } = standIn;
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
      await vi.waitFor(
        async () =>
          expect(await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken)).toEqual(
            Array.from({ length: times }, () => 'SDP copied.'),
          ),
        30_000,
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

describe('the focus', () => {
  const focusIsIn = (where: Locator) =>
    vi.waitFor(
      async () => expect(await where.evaluate((e) => e.contains(document.activeElement))).toBe(true),
      30_000,
    );
  const openBy = async (activity: string): Promise<void> => {
    await page.getByRole('navigation').getByRole('button', { name: activity }).click();
  };

  it.each([
    ['receiver', 'Receivers', 'Stagebox Left 1-8'],
    ['sender', 'Senders', 'Talkback'],
  ])('stays among the others when a %s is removed', async (kind, list, name) => {
    await page.getByRole('button', { name: `Remove ${kind} ${name}` }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).press('Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await focusIsIn(page.getByRole('grid', { name: list }));
  });

  it('goes to the field of a setting that is reset', async () => {
    await openBy('Settings');
    const ttl = page.getByRole('textbox', { name: 'senders.ttl' });
    await ttl.fill('16');
    await ttl.press('Enter');
    await page.getByRole('button', { name: 'Reset senders.ttl to its default' }).press('Enter');
    await focusIsIn(ttl);
    expect(await ttl.inputValue()).toBe('32');
  });

  it('stays at a command whose keys are removed', async () => {
    await openBy('Settings');
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await page.getByRole('button', { name: 'Remove keys of View: Toggle panel' }).press('Enter');
    await focusIsIn(page.getByRole('button', { name: 'Change keys of View: Toggle panel' }));
  });

  it('is nowhere when somebody leaves what then goes', async () => {
    await page.getByRole('button', { name: 'Remove receiver Stagebox Left 1-8' }).focus();
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    host.change({ receivers: host.state.receivers.filter(({ id }) => id !== 'r1') });
    await page
      .getByRole('button', { name: 'Remove receiver Stagebox Left 1-8' })
      .waitFor({ state: 'detached' });
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  });
});
