import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breaks, ClockedPair, lockedTo } from '../harness/clocked-pair.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep } from '../harness/wait.ts';

describe('two instances on one ptp4l', () => {
  const lab = useLab(['master']);
  let pair: ClockedPair;

  beforeAll(async () => {
    const [at] = lab().others;
    if (!at) throw new Error('the lab has one more');
    await Ptp4l.master(lab(), at);
    pair = await ClockedPair.start(lab());
  });
  afterAll(() => pair.stop());

  test.each(['a', 'b', 'a', 'b', 'a'] as const)(
    'device to device it is the link offset to the sample after a restart of %s',
    async (side) => {
      await pair[side].stop();
      await pair[side].serve();
      await lockedTo(pair[side]);
      await sleep(1000);
      const listener = pair.listen();
      await sleep(1000);
      const heard = await listener.end();
      expect(breaks(heard)).toEqual([]);
      const apart = heard.apartNs.median / ClockedPair.sampleNs;
      expect(Math.abs(apart - ClockedPair.linkOffset)).toBeLessThan(5);
    },
  );
});
