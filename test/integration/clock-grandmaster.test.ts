import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClockDetails, SenderInfo } from '@tutti/common';
import type { Station } from '../harness/lab.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { ClockWatch } from '../harness/timeline.ts';
import { Capture } from '../harness/tshark.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

/** Far above what is measured (docs/clock.md), far below what anybody hears: these machines are busy. */
const closeNs = 100_000;

/** ptp4l's own default is 128; a slaveOnly one that finds itself better than the master follows nobody. */
const modest = { priority1: 255, domain: 127 };

describe('as the grandmaster of a network without one', () => {
  const lab = useLab(['first', 'second']);
  let tutti: Tutti;
  let capture: Capture;

  beforeAll(async () => {
    capture = await Capture.start(lab(), lab().tutti, 'udp port 319 or udp port 320');
    tutti = await Tutti.start(lab());
  });
  afterAll(() => tutti.stop());

  const places = () => lab().others as readonly [Station, Station];
  const details = () => tutti.ok<ClockDetails>('clock', 'status');
  const role = async () => (await details()).report.role;

  test('one command makes it one, modest, and its senders name it', async () => {
    // The profile with the shortest announce timeout: as long as that it listens first.
    await tutti.ok('clock', 'use', 'ptp', '--set', 'grandmaster=true', '--set', 'profile=st2059-2');
    await until('grandmaster', async () => (await role()) === 'grandmaster');
    const { state, grandmaster = '', report } = await details();
    expect(state).toBe('freeRun');
    expect(grandmaster).toBe(report.identity);
    expect(report.dataset).toMatchObject({ priority1: 250, clockClass: 248, accuracy: 0xfe, priority2: 250 });
    expect(report.candidates).toMatchObject([{ standing: 'ourselves' }]);
    const sender = await tutti.ok<SenderInfo>('sender', 'add', '--name', 'Led', '--channels', '1-2');
    expect(await tutti.sdpOf(sender)).toContain(`a=ts-refclk:ptp=IEEE1588-2008:${grandmaster}:127\r\n`);
  });

  test('ptp4l locks to it, with multicast Delay_Req and with unicast ones', async () => {
    const [, hybrid] = places();
    const followers = [
      Ptp4l.follower(lab(), lab().peer, { ...modest, eager: true }),
      Ptp4l.follower(lab(), hybrid, { ...modest, eager: true, delay: 'hybrid' }),
    ];
    for (const each of followers) expect(await settledError(each)).toBeLessThan(closeNs);
    await Promise.all(followers.map((each) => each.kill()));
  });

  // On a network of its own, so to speak: a ptp4l that measures end to end takes peers' answers for a fault.
  test('ptp4l locks to it by peer delay', async () => {
    const [peerDelay] = places();
    const follower = Ptp4l.follower(lab(), peerDelay, { ...modest, eager: true, delay: 'peer' });
    expect(await settledError(follower)).toBeLessThan(closeNs);
    await follower.kill();
  });

  test('Wireshark finds nothing wrong with any message of it', async () => {
    await capture.stop();
    const ours = `ptp && ip.src == ${lab().tutti.address}`;
    const types = (await capture.fields(ours, ['ptp.v2.messagetype'])).map(([type]) => Number(type));
    // Sync, Pdelay_Resp, Follow_Up, Delay_Resp, Pdelay_Resp_Follow_Up, Announce (IEEE 1588-2008 table 19).
    expect([...new Set(types)].sort((a, b) => a - b)).toEqual([0, 3, 8, 9, 10, 11]);
    expect(await capture.complaints([], ours)).toEqual([]);
  });

  test('it yields to a better one, and leads again, without a step, when that is gone', async () => {
    const watch = new ClockWatch(tutti);
    const options = { ...modest, priority1: 100, logAnnounceInterval: -2 };
    const [place] = places();
    const better = await Ptp4l.master(lab(), place, options);
    const { report } = await until('it to follow', async () => {
      const now = await details();
      const follows = now.state === 'locked' && now.grandmaster === better.identity;
      return follows && now.report.role === 'follower' && now;
    });
    expect(report.candidates?.map(({ standing }) => standing)).toEqual(['followed', 'ourselves']);
    expect(report.candidates?.[1]?.reason).toBe('priority1 250 against 100');

    await better.kill();
    await until('it to lead again', async () => (await role()) === 'grandmaster');
    expect((await details()).grandmaster).toBe(report.identity);
    const error = await watch.end();
    expect(error.steps).toBeLessThanOrEqual(1); // to the better one's time, if that was more than a millisecond away
    expect(error.mostBendNs).toBeLessThan(closeNs);
  });
});

/** Median of how far off its clock was, ns, once it steers. */
async function settledError(follower: Ptp4l): Promise<number> {
  await until('corrections of its clock', () => follower.errors().length >= 40, 30_000);
  const last = follower.errors().slice(-20);
  return last.map(Math.abs).sort((a, b) => a - b)[10] ?? Infinity;
}
