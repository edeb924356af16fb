import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arrivalBins, type Arrivals } from '@tutti/common';
import { firstInput, firstSound, type FirstSound } from '../harness/first-sound.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

describe('eight channels of an announced stream, patched in the page', () => {
  const lab = useLab();
  let way: FirstSound;
  beforeAll(async () => {
    way = await firstSound(lab());
  });
  afterAll(async () => {
    await way?.browser.close();
    await way?.tutti.stop();
  });

  test('sound after two presses of the mouse, one of them the drag', async () => {
    expect(way.gestures).toHaveLength(2);
    const [receiver] = await way.tutti.receivers();
    expect(receiver?.map).toEqual(Array.from({ length: 8 }, (_, i) => [i + 1, firstInput + i]));
    expect(receiver?.state).toBe('running');
    expect(way.complaints).toEqual([]);
  });

  test('the grid reads what is at a cell to those who do not see it', async () => {
    const { page } = way;
    await page.locator('.crosspoint-cursor').focus();
    await page.keyboard.press('Control+ArrowDown');
    const label = async () => (await page.locator(':focus').getAttribute('aria-label')) ?? '';
    await until('the cell of input 17', async () => /^Input 17 ← 1 of Stage box: /.test(await label()));
  });

  test('every packet is counted in the histogram of arrivals', async () => {
    const id = (await way.tutti.receivers())[0]?.id ?? '';
    const { counts } = await way.page.evaluate(
      async (path): Promise<Arrivals> => (await fetch(path)).json() as Promise<Arrivals>,
      `/api/v1/receivers/${id}/arrivals`,
    );
    expect(counts).toHaveLength(arrivalBins);
    const counted = counts.reduce((sum, count) => sum + count, 0);
    const after = (await way.tutti.receivers())[0]?.counters['packets'] ?? 0;
    expect(counted).toBeGreaterThan(500);
    expect(counted).toBeLessThanOrEqual(after);
  });

  test('one undo takes the receiver and its routes away, one redo brings them back', async () => {
    const { page, tutti } = way;
    await page.getByRole('button', { name: 'Undo: Patch 8 channels of Stage box' }).click();
    await until('no receiver', async () => (await tutti.receivers()).length === 0);
    await page.getByRole('button', { name: 'Redo: Patch 8 channels of Stage box' }).click();
    await page.getByRole('option', { name: 'Input 24, 8 of Stage box, with signal' }).waitFor();
    expect((await tutti.receivers())[0]?.map).toHaveLength(8);
    expect(way.complaints).toEqual([]);
  });
});
