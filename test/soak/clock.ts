import { Lab } from '../harness/lab.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { ClockWatch, type ClockError } from '../harness/timeline.ts';
import { Tutti } from '../harness/tutti.ts';
import { sleep, until } from '../harness/wait.ts';
import { microseconds, quantilesOf, type Quantiles } from './quantiles.ts';
import type { Soak } from './soak.ts';

/** What the AES67 media profile sends (AES67-2018 Annex A). */
const profile = { logAnnounceInterval: 1, logSyncInterval: -3, logMinDelayReqInterval: 0 };

/** While locked, ns. */
const bounds = { medianNs: 2_000, p99Ns: 10_000, maxNs: 50_000 } as const;
const lockWithinMs = 5_000;
const lockTries = 3;
/** From when both steer to when both are measured: ptp4l's servo takes its time. */
const settlingMs = 60_000;

interface Measured {
  /** ms. */
  readonly locks: readonly number[];
  readonly theirLock: number;
  readonly ours: ClockError;
  readonly theirs: Quantiles;
}

const phases = [
  { name: 'no load added', load: undefined },
  { name: '`stress-ng --cpu 2 --io 1`', load: ['--cpu', '2', '--io', '1', '-q'] },
] as const;

export const soak: Soak = {
  about:
    'error of media time against ptp4l, alone and with both cores under stress, ptp4l as a follower beside it',
  seconds: 600,
  page: 'docs/clock.md',
  async run(seconds) {
    const lines = [
      `|error| in µs while locked, ${seconds} s each: of Tutti at every look, each 2 ms; of ptp4l, which steers a clock of its`,
      'own, just before each correction. Lock time: Tutti from `clock use ptp` to locked, ptp4l from its start to its first',
      'correction.',
      '',
      '| machine | follower | median | p99 | max | looks | not locked | steps | lock time, s |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ];
    const problems: string[] = [];
    for (const { name, load } of phases) {
      console.log(`${name} ...`);
      const { locks, theirLock, ours, theirs } = await measure(seconds, load);
      const row = (who: string, { median, p99, max, count }: Quantiles, rest: string) =>
        `| ${name} | ${who} | ${[median, p99, max].map(microseconds).join(' | ')} | ${count} | ${rest} |`;
      const us = { median: ours.medianNs, p99: ours.p99Ns, max: ours.maxNs, count: ours.samples };
      const times = (all: readonly number[]) => all.map((ms) => (ms / 1000).toFixed(1)).join(', ');
      lines.push(
        row('Tutti', us, `${ours.notLocked} | ${ours.steps} | ${times(locks)}`),
        row('ptp4l 3.1.1', theirs, ` | | ${times([theirLock])}`),
      );
      for (const key of ['medianNs', 'p99Ns', 'maxNs'] as const) {
        if (!(ours[key] < bounds[key]))
          problems.push(`${name}: ${key.slice(0, -2)} ${microseconds(ours[key])} µs`);
      }
      if (ours.notLocked > 0) problems.push(`${name}: not locked ${ours.notLocked} looks of 2 ms`);
      if (ours.steps > 0) problems.push(`${name}: ${ours.steps} steps`);
      const slow = locks.filter((ms) => ms >= lockWithinMs);
      if (slow.length > 0) problems.push(`${name}: ${slow.length} of ${locks.length} locks took 5 s or more`);
    }
    return { lines, problems };
  },
};

async function measure(seconds: number, load: readonly string[] | undefined): Promise<Measured> {
  const lab = new Lab();
  try {
    await Ptp4l.master(lab, lab.peer, profile);
    const tutti = await Tutti.start(lab);
    if (load) lab.start(lab.peer, 'stress-ng', load);
    const locks = [];
    for (let i = 0; i < lockTries; ++i) locks.push(await timeToLock(tutti));
    const started = performance.now();
    const follower = Ptp4l.follower(lab, lab.tutti, profile);
    const theirLock = await until('ptp4l to steer', () => steersSince(follower, started), 120_000);
    await sleep(settlingMs);
    const before = follower.errors().length;
    const watch = new ClockWatch(tutti);
    await sleep(seconds * 1000);
    const ours = await watch.end();
    const theirs = quantilesOf(follower.errors().slice(before));
    await tutti.stop();
    return { locks, theirLock, ours, theirs };
  } finally {
    await lab.remove();
  }
}

/** ms since `started`, once the follower has corrected its clock; its first adjustment only sets the rate to 0. */
function steersSince(follower: Ptp4l, started: number): number | undefined {
  return follower.errors().length > 1 ? performance.now() - started : undefined;
}

/** From the moment at which the source is another until it is locked, ms. */
async function timeToLock(tutti: Tutti): Promise<number> {
  await tutti.ok('clock', 'use', 'system');
  await sleep(500);
  const watch = new ClockWatch(tutti);
  await watch.reaches('locked');
  await tutti.ok('clock', 'use', 'ptp');
  const { atMs: begin } = await watch.reaches('listening');
  const { atMs: end } = await watch.reaches('locked', begin, 60_000);
  await watch.end();
  return end - begin;
}
