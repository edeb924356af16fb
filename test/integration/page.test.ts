import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SenderInfo } from '@tutti/common';
import { play } from '../harness/alsa.ts';
import { complaintsOf, launchChromiumAt } from '../harness/chromium.ts';
import { repository } from '../harness/lab.ts';
import { makePipe } from '../harness/process.ts';
import { generate } from '../harness/signal.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

describe('the page of a running instance', () => {
  const lab = useLab();
  let tutti: Tutti;

  beforeAll(async () => {
    tutti = await Tutti.start(lab());
    const sender = await tutti.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Main mix', '--channels', '1-2', '--dest', '239.10.9.1:5004'],
    );
    await tutti.receive(await tutti.sdpOf(sender), '--map', '1-2:1-2', '--link-offset', '200');
    const toDevice = makePipe(lab().file('to-device'));
    generate(
      lab(),
      lab().tutti,
      { kind: 'prbs', channels: 2, rate: 48_000, bits: 24 },
      's32le',
      'endless',
      toDevice.write,
    );
    await play(tutti, { first: 1, channels: 2 }, 's32le', 48_000, toDevice.read);
  });
  afterAll(() => tutti.stop());

  test('shows sessions, receivers, senders and live meters in Chromium, with no complaint from its policies', async () => {
    const browser = await launchChromiumAt(lab(), lab().tutti);
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const complaints = complaintsOf(page);
      await page.goto(tutti.url);
      await page.getByText('Main mix').first().waitFor();
      for (const title of ['Sessions', 'Receivers', 'Senders']) {
        expect(await page.getByText(title, { exact: false }).count(), title).toBeGreaterThan(0);
      }
      await until('a meter that is loud', () =>
        page
          .getByRole('meter')
          .evaluateAll((meters) => meters.some((meter) => Number(meter.getAttribute('aria-valuenow')) > -20)),
      );
      mkdirSync(join(repository, 'build/screenshots'), { recursive: true });
      await page.screenshot({ path: join(repository, 'build/screenshots/page.png') });
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
