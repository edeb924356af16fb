import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClockDetails } from '@tutti/common';
import { ip } from '../harness/namespaces.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { ClockWatch } from '../harness/timeline.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

/** Far above what is measured (docs/clock.md), far below what anybody hears: these machines are busy. */
const closeNs = 100_000;

describe('on two cables to one ptp4l', () => {
  const lab = useLab();
  let tutti: Tutti;

  beforeAll(async () => {
    const { tutti: ours, peer } = lab();
    ip(
      'link',
      'add',
      'net1',
      'netns',
      ours.namespace,
      'type',
      'veth',
      'peer',
      'name',
      'net1',
      'netns',
      peer.namespace,
    );
    for (const { namespace, address } of [ours, peer]) {
      ip('-n', namespace, 'address', 'add', `${address.replace('.0.', '.1.')}/24`, 'dev', 'net1');
      ip('-n', namespace, 'link', 'set', 'net1', 'up');
    }
    await Ptp4l.master(lab(), peer, { moreInterfaces: ['net1'] });
    tutti = await Tutti.start(lab());
    await tutti.ok('clock', 'use', 'ptp', '--set', 'interface=["net0","net1"]');
  });
  afterAll(() => tutti.stop());

  const lockedBy = (name: string) =>
    until(
      `the clock to be locked by ${name}`,
      async () => {
        const { state, report } = await tutti.ok<ClockDetails>('clock', 'status');
        return state === 'locked' && report.master?.interface === name ? report : undefined;
      },
      30_000,
    );

  const standings = async () => {
    const { report } = await tutti.ok<ClockDetails>('clock', 'status');
    return report.candidates?.map((each) => `${each.interface} ${each.standing}`).join(', ');
  };

  test('it follows by the first, and by the other when that is pulled, without a step', async () => {
    const { interfaces } = await lockedBy('net0');
    expect(interfaces).toMatchObject([{ name: 'net0' }, { name: 'net1' }]);
    // The clock may be locked by the first before the other has been heard often enough to be counted.
    await expect.poll(standings, { timeout: 10_000 }).toBe('net0 followed, net1 outvoted');
    const watch = new ClockWatch(tutti);
    await watch.reaches('locked');
    ip('-n', lab().tutti.namespace, 'link', 'set', 'net0', 'down');
    await lockedBy('net1');
    const error = await watch.end();
    expect(error.steps).toBe(0);
    expect(error.mostBendNs).toBeLessThan(closeNs);
    expect(error.medianNs).toBeLessThan(closeNs);
  });
});
