import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SenderInfo } from '@tutti/common';
import { lockedTo } from '../harness/clocked-pair.ts';
import { PacketFilter } from '../harness/packet-filter.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { ClockWatch } from '../harness/timeline.ts';
import { Capture } from '../harness/tshark.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

/** Far above what is measured (docs/clock.md), far below what anybody hears: these machines are busy. */
const closeNs = 100_000;
/** A follower that slews at its limit of 100 ppm bends the timeline by 10 us in 100 ms without a look. */
const smoothNs = 100_000;

describe('as a follower of ptp4l', () => {
  const lab = useLab();
  let master: Ptp4l;
  let tutti: Tutti;
  let capture: Capture;

  beforeAll(async () => {
    master = await Ptp4l.master(lab(), lab().peer, { logSyncInterval: -5 });
    capture = await Capture.start(lab(), lab().peer, 'udp port 319 or udp port 320');
    tutti = await Tutti.start(lab());
  });
  afterAll(() => tutti.stop());

  test('locks to its time and names it in what it publishes', async () => {
    await tutti.ok('clock', 'use', 'ptp');
    expect(await lockedTo(tutti)).toBe(master.identity);
    const watch = new ClockWatch(tutti);
    const sender = await tutti.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Timed', '--channels', '1-2', '--dest', '239.10.8.1:5004'],
    );
    expect(await tutti.sdpOf(sender)).toContain(`a=ts-refclk:ptp=IEEE1588-2008:${master.identity}:0\r\n`);
    await sleep(2000);
    const error = await watch.end();
    expect(error).toMatchObject({ steps: 0, notLocked: 0 });
    expect(error.medianNs).toBeLessThan(closeNs);
  });

  test('speaks PTP that Wireshark finds nothing wrong with, and only asks', async () => {
    await sleep(1500);
    await capture.stop();
    const ours = `ptp && ip.src == ${lab().tutti.address}`;
    const types = (await capture.fields(ours, ['ptp.v2.messagetype'])).map(([type]) => Number(type));
    expect(types.length).toBeGreaterThan(3);
    expect(new Set(types)).toEqual(new Set([1])); // Delay_Req
    expect(await capture.complaints([], 'ptp')).toEqual([]);
    expect(await capture.fields(`ip.src == ${lab().tutti.address} && !ptp`, ['_ws.col.Info'])).toEqual([]);
  });

  test('does not notice a pause of 100 ms of its master', async () => {
    const watch = new ClockWatch(tutti);
    await watch.reaches('locked');
    for (let i = 0; i < 5; ++i) {
      master.program.signal('SIGSTOP');
      await sleep(100);
      master.program.signal('SIGCONT');
      await sleep(400);
    }
    const error = await watch.end();
    expect(error).toMatchObject({ steps: 0, notLocked: 0 });
    expect(error.mostBendNs).toBeLessThan(smoothNs);
    expect(error.medianNs).toBeLessThan(closeNs);
  });

  test('holds the time through 200 lost Sync in a row and goes on from there', async () => {
    const watch = new ClockWatch(tutti);
    await watch.reaches('locked');
    const filter = new PacketFilter(lab().tutti);
    const begin = Date.now();
    filter.drop('udp dport 319 @th,68,4 0'); // messageType is the low half of the first byte (IEEE 1588 s.13.3)
    const { atMs: noticed } = await watch.reaches('holdover', begin);
    await until('200 lost Sync', () => filter.dropped() >= 200, 30_000);
    filter.remove();
    await watch.reaches('locked', noticed);
    await sleep(1000);
    const error = await watch.end();
    expect(error.steps).toBe(0);
    expect(error.mostBendNs).toBeLessThan(smoothNs);
    expect(error.medianNs).toBeLessThan(closeNs);
  });
});
