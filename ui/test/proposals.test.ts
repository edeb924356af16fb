import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { patchingOn, show, useOnePage } from './use-one-page.ts';

const used = useOnePage();
const { patchNumber, slot, press } = patchingOn(used);
let page: Page;
beforeAll(() => {
  page = used.page;
});
beforeEach(() => show(page, 'Routing'));

describe('the channel map', () => {
  it('takes a stream by drag and drop, and by keyboard', async () => {
    const stream = page.getByRole('button', { name: /AVIO-USB/ });
    await stream.dragTo(slot('Input 12, free'));
    expect((await patchNumber(1)).receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:12-13' }]);
    await slot(/^Input 12, 1 of AVIO/).waitFor();
    await slot(/^Input 12, /).dragTo(slot('Input 15, free'));
    expect(await patchNumber(2)).toMatchObject({
      clear: [{ channel: 1, input: 12 }],
      set: [{ channel: 1, input: 15 }],
    });
    await slot(/^Input 1, /).focus();
    await press('Home');
    await press('Enter');
    await press('ArrowDown');
    await press('Enter');
    expect(await patchNumber(3)).toMatchObject({
      clear: [{ receiverId: 'r1', channel: 1, input: 1 }],
      set: [{ receiverId: 'r1', channel: 1, input: 9 }],
    });
  });
});
