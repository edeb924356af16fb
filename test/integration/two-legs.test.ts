import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ReceiverInfo, SenderInfo } from '@tutti/common';
import { play, record } from '../harness/alsa.ts';
import { makePipe } from '../harness/process.ts';
import { check, generate, type Signal } from '../harness/signal.ts';
import { Tutti } from '../harness/tutti.ts';
import { TwoPaths, type Damage } from '../harness/two-paths.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

const rate = 48_000;
const signal: Signal = { kind: 'prbs', channels: 8, rate, bits: 24 };
const place = { first: 1, channels: 8 };
/** Of the damages, never both networks at once. */
const damages: readonly (readonly ['red' | 'blue', Damage])[] = [
  ['red', 'cut'],
  ['blue', 'cut'],
  ['red', 'delay 10'],
  ['blue', 'delay 10'],
  ['red', 'reorder 10'],
  ['blue', 'reorder 10'],
  ['red', 'loss 30'],
  ['blue', 'loss 30'],
];
const damagedMs = 1200;
/** Long enough for what was held up to come, before the other network is damaged. */
const wholeMs = 300;

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
    generate(lab(), here, signal, 's32le', 'endless', toDevice.write);
    await play(from, place, 's32le', rate, toDevice.read);
    await until('packets by both', async () => {
      const { legAPackets = 0, legBPackets = 0 } = (await info()).counters;
      return legAPackets > 1000 && legBPackets > 1000;
    });
  });
  afterAll(async () => {
    await Promise.all([from.stop(), to.stop()]);
    paths.remove();
  });
  afterEach(async () => {
    for (const path of [paths.red, paths.blue]) await path.make('whole');
  });

  const info = async (): Promise<ReceiverInfo> => {
    const found = (await to.receivers()).find(({ id }) => id === receiver.id);
    if (!found) throw new Error('the receiver is gone');
    return found;
  };

  test('is one receiver on both networks, each of which brings every packet', async () => {
    const before = await info();
    expect(before.legs).toMatchObject([
      { address: '239.20.1.1', interface: '10.78.1.2' },
      { address: '239.20.2.1', interface: '10.78.2.2' },
    ]);
    // Asked until neither path is held up at that moment; what is lost stays lost.
    const counters = await until('as many packets on either', async () => {
      const { counters: now } = await info();
      const grown = (name: string): number => (now[name] ?? 0) - (before.counters[name] ?? 0);
      const [first, second, again] = [grown('legAPackets'), grown('legBPackets'), grown('duplicate')];
      const isSame = Math.abs(first - second) < 10 && Math.abs(again - first) < 10;
      return first > 1000 && isSame ? now : undefined;
    });
    expect(counters).toMatchObject({ lost: 0, late: 0, wrongSource: 0, ssrcConflicts: 0 });
  });

  test(
    'plays on without one wrong sample, whatever happens to either network',
    { timeout: 180_000 },
    async () => {
      const { counters: atFirst } = await info();
      const seconds = 2 + (damages.length * (damagedMs + wholeMs)) / 1000 + 2;
      const fromDevice = makePipe(lab().file('from-device'));
      const recorded = check(lab(), lab().peer, signal, 's32le', seconds - 0.5, fromDevice.read);
      const recorder = await record(to, place, 's32le', rate, fromDevice.write, seconds);
      await sleep(500);
      /** Packets that a leg must lack: what its network has lost meanwhile. */
      const missing = { red: 0, blue: 0 };
      for (const [path, damage] of damages) {
        const before = await paths[path].make(damage);
        await sleep(damagedMs);
        missing[path] += (await paths[path].make('whole')) - before;
        await sleep(wholeMs);
      }
      expect(recorder.running, 'everything happened while it recorded').toBe(true);
      await recorder.succeed(60_000);
      expect(await recorded.verdict).toMatchObject({ ok: true });
      const { counters: after } = await info();
      const grown = (name: string): number => (after[name] ?? 0) - (atFirst[name] ?? 0);
      expect(grown('late')).toBe(0);
      expect(grown('lost')).toBe(0);
      // Each leg lacks what was cut and what was lost, and nothing else.
      const all = grown('packets') - grown('duplicate');
      const lacks = (leg: string, packets: number): void => {
        // Those that multicast DNS and SAP lose are in the one number, those that came since it was read in the other.
        expect((all - grown(leg)) / packets, leg).toBeGreaterThan(0.95);
        expect((all - grown(leg)) / packets, leg).toBeLessThan(1.05);
      };
      lacks('legAPackets', missing.red);
      lacks('legBPackets', missing.blue);
    },
  );

  test.each([
    ['red', 'delay 5', /path difference +first leg up to (\d+\.\d+) ms later \(class A\)/, 5],
    ['blue', 'delay 20', /path difference +second leg up to (\d+\.\d+) ms later \(class B\)/, 20],
  ] as const)(
    '%s with %s: says by how much it is later and which class that is',
    async (path, damage, text, ms) => {
      await paths[path].make(damage);
      // Once the delays of before are forgotten, and any that the machine itself made for a moment.
      const [, later] = await until(
        'it to be said',
        async () => text.exec(await to.said('receiver', 'show', receiver.id)) ?? undefined,
        30_000,
      );
      expect(Number(later)).toBeGreaterThanOrEqual(ms);
    },
  );

  test('plays on in time when one network is slower than the link offset holds, and says that it does not protect', async () => {
    const { counters: before } = await info();
    await paths.red.make('delay 400');
    // What the machine holds up comes on top.
    const message = /^One path is 4\d\d\.\d ms behind the other/;
    const { connection } = await until(
      'that to be said',
      async () => {
        const { health } = await info();
        return message.test(health.connection.message) ? health : undefined;
      },
      20_000,
    );
    expect(connection.fix).toMatch(/--link-offset 4\d\d$/);
    const { counters: after } = await info();
    for (const name of ['late', 'lost']) expect(after[name]).toBe(before[name]);
  });

  test('says which network brings nothing, for as long as that is so', async () => {
    await paths.blue.make('cut');
    const message = /^No packet comes to 239\.20\.2\.1 on 10\.78\.2\.2/;
    await until(
      'that to be said',
      async () => message.test((await info()).health.connection.message),
      20_000,
    );
    expect((await info()).state).toBe('running');
    await paths.blue.make('whole');
    await until('health', async () => (await info()).health.connection.state === 'healthy', 20_000);
  });
});
