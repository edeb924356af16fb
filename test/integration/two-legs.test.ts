import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReceiverInfo, SenderInfo } from '@tutti/common';
import { play, record } from '../harness/alsa.ts';
import { makePipe } from '../harness/process.ts';
import { check, generate, type Signal } from '../harness/signal.ts';
import { Tutti } from '../harness/tutti.ts';
import { TwoPaths } from '../harness/two-paths.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

const rate = 48_000;
const signal: Signal = { kind: 'prbs', channels: 8, rate, bits: 24 };
const place = { first: 1, channels: 8 };

/** ST 2022-7: the same packets over two networks; whichever copy comes first is the one that counts. */
describe('a stream of two legs', () => {
  const lab = useLab();
  let paths: TwoPaths;
  let from: Tutti;
  let to: Tutti;
  let receiver: ReceiverInfo;

  beforeAll(async () => {
    paths = await TwoPaths.make(lab());
    const [here, there] = paths.stations;
    from = await Tutti.start(lab(), here);
    to = await Tutti.start(lab(), there);
    const sender = await from.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Twice', '--channels', '1-8'],
      ...['--dest', '239.20.1.1:5004,239.20.2.1:5004', '--interface', 'red,blue'],
    );
    const sdp = await from.sdpOf(sender);
    expect(sdp).toMatch(
      /a=group:DUP (\S+) (\S+)\r\n[^]*239\.20\.1\.1\/[^]*a=mid:\1\r\n[^]*239\.20\.2\.1\/[^]*a=mid:\2\r\n/,
    );
    receiver = await to.receive(
      sdp,
      ...['--map', '1-8:1-8', '--interface', 'red,blue', '--timing', 'shared', '--link-offset', '300'],
    );
    const toDevice = makePipe(lab().file('to-device'));
    generate(lab(), here, signal, 's32le', 300, toDevice.write);
    await play(from, place, 's32le', rate, toDevice.read);
    await until('packets', async () => ((await counters())['packets'] ?? 0) > 1000);
  });
  afterAll(async () => {
    await Promise.all([from.stop(), to.stop()]);
    paths.remove();
  });

  const info = async (): Promise<ReceiverInfo> => {
    const found = (await to.receivers()).find(({ id }) => id === receiver.id);
    if (!found) throw new Error('the receiver is gone');
    return found;
  };
  const counters = async () => (await info()).counters;

  test('is one receiver on both networks', async () => {
    expect((await info()).legs).toMatchObject([
      { address: '239.20.1.1', interface: 'red' },
      { address: '239.20.2.1', interface: 'blue' },
    ]);
  });

  test(
    'plays on without one wrong sample, whatever happens to either network',
    { timeout: 180_000 },
    async () => {
      const before = await counters();
      const fromDevice = makePipe(lab().file('from-device'));
      const recorded = check(lab(), lab().peer, signal, 's32le', 13.5, fromDevice.read);
      const recorder = await record(to, place, 's32le', rate, fromDevice.write, 14);
      await sleep(500);
      for (const [path, damage] of [
        ['red', 'cut'],
        ['blue', 'cut'],
        ['red', 'delay 10'],
        ['blue', 'delay 10'],
        ['red', 'reorder 10'],
        ['blue', 'reorder 10'],
        ['red', 'loss 30'],
        ['blue', 'loss 30'],
      ] as const) {
        await paths[path].make(damage);
        await sleep(1200);
        await paths[path].make('whole');
        await sleep(300);
      }
      await recorder.succeed(60_000);
      expect(await recorded.verdict).toMatchObject({ ok: true });
      const after = await counters();
      console.log(`two legs: ${JSON.stringify(after)}`);
      expect(after['late']).toBe(before['late']);
    },
  );
});
