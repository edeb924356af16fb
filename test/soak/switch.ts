import type { ClockDetails } from '@tutti/common';
import { Lab, type Station } from '../harness/lab.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { ClockWatch } from '../harness/timeline.ts';
import { Tutti } from '../harness/tutti.ts';
import { sleep, until } from '../harness/wait.ts';
import { microseconds } from './quantiles.ts';
import type { Soak } from './soak.ts';

/** From lock to when the rate is known as well as it will be. */
const settlingMs = 30_000;

interface Way {
  readonly name: string;
  readonly others: readonly string[];
  /** Of all stations, in the order of the ports of the switch. */
  readonly master: number;
  readonly follower: number;
  readonly delayRequest: 'multicast' | 'hybrid';
}

const cable = { others: [], master: 1, follower: 0 } as const;
const four = ['second', 'third'] as const;
const delayRequests = ['multicast', 'hybrid'] as const;

const ways: readonly Way[] = delayRequests.flatMap((delayRequest) => [
  { name: 'cable', ...cable, delayRequest },
  {
    name: 'switch, Tutti at its first port, the master at its last',
    others: four,
    master: 3,
    follower: 0,
    delayRequest,
  },
  {
    name: 'switch, Tutti at its last port, the master at its first',
    others: four,
    master: 0,
    follower: 3,
    delayRequest,
  },
]);

/** What a software switch does to the clock: it copies what is multicast to one port after the other. */
export const soak: Soak = {
  about: 'error behind a software switch: how far it is that one direction takes longer',
  seconds: 60,
  page: 'docs/clock.md',
  async run(seconds) {
    const lines = [
      `Error in µs while locked, ${seconds} s each, from ${settlingMs / 1000} s after the lock. Its mean has a sign: it is what is the`,
      'same all the time.',
      '',
      '| between master and Tutti | Delay_Req | mean | median of the absolute value | p99 | max | path delay |',
      '| --- | --- | --- | --- | --- | --- | --- |',
    ];
    for (const way of ways) {
      console.log(`${way.name}, ${way.delayRequest} ...`);
      lines.push(await measure(way, seconds));
    }
    return { lines, problems: [] };
  },
};

async function measure(
  { name, others, master, follower, delayRequest }: Way,
  seconds: number,
): Promise<string> {
  const lab = new Lab(others);
  try {
    const stations: readonly Station[] = [lab.tutti, lab.peer, ...lab.others];
    const [ours, theirs] = [stations[follower], stations[master]];
    if (ours === undefined || theirs === undefined) throw new Error('no such port');
    await Ptp4l.master(lab, theirs);
    const tutti = await Tutti.start(lab, ours);
    await tutti.ok('clock', 'use', 'ptp', '--set', `delayRequest=${delayRequest}`);
    await until('the clock to lock', async () => (await tutti.status()).clock.state === 'locked', 20_000);
    await sleep(settlingMs);
    const watch = new ClockWatch(tutti);
    await sleep(seconds * 1000);
    const error = await watch.end();
    const { report } = await tutti.ok<ClockDetails>('clock', 'status');
    await tutti.stop();
    const numbers = [error.meanNs, error.medianNs, error.p99Ns, error.maxNs, report.pathDelayNs ?? NaN];
    return `| ${name} | ${delayRequest} | ${numbers.map(microseconds).join(' | ')} |`;
  } finally {
    await lab.remove();
  }
}
