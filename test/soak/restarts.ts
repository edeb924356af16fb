import { breaks, ClockedPair, lockedTo } from '../harness/clocked-pair.ts';
import { Lab } from '../harness/lab.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { sleep } from '../harness/wait.ts';
import { microseconds, quantilesOf } from './quantiles.ts';
import type { Soak } from './soak.ts';

const restartSeconds = 8;
const listenMs = 1000;

export const soak: Soak = {
  about:
    'two instances on one ptp4l, restarted in turn: device to device it is the link offset, to the sample',
  seconds: 50 * restartSeconds,
  page: 'docs/clock.md',
  async run(seconds) {
    const restarts = Math.max(2, Math.round(seconds / restartSeconds));
    const lab = new Lab(['master']);
    try {
      const [at] = lab.others;
      if (!at) throw new Error('the lab has one more');
      await Ptp4l.master(lab, at);
      const pair = await ClockedPair.start(lab);
      const problems: string[] = [];
      const apartNs: number[] = [];
      let frames = 0;
      for (let i = 1; i <= restarts; ++i) {
        const side = i % 2 === 0 ? 'b' : 'a';
        await pair[side].stop();
        await pair[side].serve();
        await lockedTo(pair[side]);
        await sleep(listenMs);
        const listener = pair.listen();
        await sleep(listenMs);
        const heard = await listener.end();
        const found = breaks(heard);
        if (found.length > 0) problems.push(`restart ${i}: ${JSON.stringify(found.slice(0, 5))}`);
        frames += found.length === 0 ? (heard.runs[0]?.frames ?? 0) : 0;
        apartNs.push(heard.apartNs.median - ClockedPair.linkOffset * ClockedPair.sampleNs);
        console.log(`restart ${i} of ${restarts}, ${problems.length} wrong`);
        lab.forgetEnded();
      }
      await pair.stop();
      const apart = quantilesOf(apartNs);
      return {
        lines: [
          `${restarts} restarts, of the sending and the receiving instance in turn; after each, every frame of ${listenMs / 1000} s`,
          'says which one it is. In real time: what lies between the sending device and the receiving one, without the link',
          'offset, is the sum of both clocks’ errors (a sample lasts 20.83 µs).',
          '',
          '| restarts | exactly the link offset | frames compared | real time, median | worst |',
          '| --- | --- | --- | --- | --- |',
          `| ${restarts} | ${restarts - problems.length} | ${frames} | ${microseconds(apart.median)} µs | ${microseconds(apart.max)} µs |`,
        ],
        problems,
      };
    } finally {
      await lab.remove();
    }
  },
};
