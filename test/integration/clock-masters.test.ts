import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breaks, ClockedPair, lockedTo } from '../harness/clocked-pair.ts';
import type { Station } from '../harness/lab.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import type { ClockChange } from '../harness/timeline.ts';
import type { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

/** 53 years back: as a Dante grandmaster, it does not know what day it is (protocols in the field: seconds since boot). */
const sinceBootNs = -1_700_000_000n * 1_000_000_000n;

/** What a busy machine may add to what is due at a moment. */
const heldUpMs = 1000;

describe('while one instance sends to another, both on ptp4l', () => {
  const lab = useLab(['first', 'second']);
  let first: Ptp4l;
  let second: Ptp4l;
  let pair: ClockedPair;
  const place = (index: 0 | 1): Station => {
    const station = lab().others[index];
    if (!station) throw new Error('the lab has two more');
    return station;
  };
  const both = () => [pair.watchA, pair.watchB];

  beforeAll(async () => {
    first = await Ptp4l.master(lab(), place(0), { priority1: 100 });
    pair = await ClockedPair.start(lab());
  });
  afterAll(() => pair.stop());

  test('a dead master is noticed within its announce timeout, and not one sample is lost over it', async () => {
    const listener = pair.listen();
    await sleep(500);
    const killedMs = Date.now();
    await first.kill();
    for (const watch of both()) {
      const { atMs } = await watch.reaches('holdover', killedMs);
      expect(atMs - killedMs).toBeLessThan(first.announceTimeoutMs + heldUpMs);
    }
    await sleep(1000);
    const backMs = Date.now();
    first = await Ptp4l.master(lab(), place(0), { priority1: 100, identity: first.identity });
    for (const watch of both()) await watch.reaches('locked', backMs);
    await sleep(500);
    expect(breaks(await listener.end())).toEqual([]);
    expect(steps()).toEqual([0, 0]);
  });

  test('a master that agrees takes over without a step or a lost sample', async () => {
    const before = await origin();
    second = Ptp4l.standby(lab(), place(1), { priority1: 110 });
    await sleep(1500); // it hears the first one and waits
    const listener = pair.listen();
    await sleep(500);
    const killedMs = Date.now();
    await first.kill();
    for (const watch of both()) {
      const { atMs } = await watch.reaches('holdover', killedMs);
      await watch.reaches('locked', atMs);
    }
    await until('the new name', async () => (await grandmasters()).every((id) => id === second.identity));
    await sleep(500);
    expect(breaks(await listener.end())).toEqual([]);
    expect(steps()).toEqual([0, 0]);
    await announced(before.version + 1, second.identity);
  });

  test('a better one whose time is another is a declared step, and audio is back within 2 s', async () => {
    const before = { ...(await origin()), log: [pair.a, pair.b].map(loggedSteps) };
    const listener = pair.listen();
    await sleep(500);
    const third = await Ptp4l.master(lab(), place(0), { priority1: 50, aheadNs: sinceBootNs });
    for (const watch of both()) {
      await until('the step', () => watch.changes().some((change) => change.steps === 1), 20_000);
    }
    expect(await Promise.all([lockedTo(pair.a), lockedTo(pair.b)])).toEqual([third.identity, third.identity]);
    await sleep(2500);
    const heard = await listener.end();

    const stepMs = Math.min(...both().map((watch) => watch.changes().find(isStep)?.atMs ?? Infinity));
    const audio = heard.runs.filter(({ delay, frames }) => delay !== null && frames > 4800);
    const [until_ = 0, from = Infinity] = [audio[0]?.endMs, audio.at(-1)?.beginMs];
    expect(audio.map(({ delay }) => delay)).toEqual([ClockedPair.linkOffset, ClockedPair.linkOffset]);
    expect(until_, 'the old timeline is played until it ends').toBeGreaterThan(stepMs - 50);
    expect(from - stepMs).toBeLessThan(2000);
    expect(heard.runs.at(-1)).toBe(audio.at(-1));

    expect(steps()).toEqual([1, 1]);
    const logged = () => [pair.a, pair.b].map(loggedSteps).map((count, i) => count - (before.log[i] ?? 0));
    await until('the word about it', () => logged().every((count) => count > 0)); // the host asks once a second
    expect(logged()).toEqual([1, 1]);
    await announced(before.version + 1, third.identity);
    await third.kill();
  });

  const isStep = (change: ClockChange) => change.steps === 1;
  const steps = () => both().map((watch) => watch.changes().at(-1)?.steps);

  async function grandmasters() {
    return [(await pair.a.status()).clock.grandmaster, (await pair.b.status()).clock.grandmaster];
  }

  /** Of our sender's description. */
  async function origin(): Promise<{ version: number; grandmaster: string }> {
    const sdp = await pair.a.sdpOf(pair.sender);
    const [, version] = /^o=\S+ \S+ (\d+) /m.exec(sdp) ?? [];
    const [, grandmaster = ''] = /^a=ts-refclk:ptp=IEEE1588-2008:(\S+):0\r$/m.exec(sdp) ?? [];
    return { version: Number(version), grandmaster };
  }

  /** The other instance has heard it by SAP, and it is what we say ourselves. */
  async function announced(version: number, grandmaster: string): Promise<void> {
    expect(await origin()).toEqual({ version, grandmaster });
    const sdp = await pair.a.sdpOf(pair.sender);
    await until('the announcement', async () => (await pair.b.sessions()).some((each) => each.sdp === sdp));
  }

  function loggedSteps(tutti: Tutti): number {
    const log = readFileSync(join(tutti.data, 'host.log'), 'utf8');
    return log.split('"code":"clock.step"').length - 1;
  }
});
