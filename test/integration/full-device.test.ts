import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReceiverInfo, SenderInfo } from '@tutti/common';
import { play, record } from '../harness/alsa.ts';
import { makePipe, type Program } from '../harness/process.ts';
import { check, generate, type Signal, type Verdict } from '../harness/signal.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

/**
 * Sixteen streams of eight channels each way at once, a minute long. The other end is a second Tutti: sixteen GStreamer pipelines
 * each way leave nothing of two processor cores (docs/performance.md). What is played into one machine's 128 outputs must
 * come out of the other's 128 inputs, all channels in step.
 */
const seconds = 60;
const rate = 48_000;
const streams = 16;
const signal: Signal = { kind: 'prbs', channels: 128, rate, bits: 24 };
/** A virtual machine is not a network: it can stand still for 36 ms with nothing to do, its highest real-time priority too. */
const linkOffsetMs = '200';
const whole = { first: 1, channels: 128 };

describe('128 channels each way, in sixteen streams, for a minute', () => {
  const lab = useLab();
  const verdicts: Verdict[] = [];
  let left: Tutti;
  let right: Tutti;

  beforeAll(async () => {
    left = await Tutti.start(lab(), lab().tutti);
    right = await Tutti.start(lab(), lab().peer);
    await Promise.all([connect(left, right, '239.20.1'), connect(right, left, '239.20.2')]);
    const ways = [await startWay(left, right), await startWay(right, left)];
    verdicts.push(...(await Promise.all(ways.map((way) => way.verdict))));
    await Promise.all(ways.map(({ player }) => player.stop('SIGKILL')));
  }, 180_000);
  afterAll(async () => {
    await Promise.all([left.stop(), right.stop()]);
  });

  test('every sample from the first machine to the second is right', () => {
    expect(verdicts[0]?.ok, verdicts[0]?.text).toBe(true);
  });

  test('every sample from the second machine to the first is right', () => {
    expect(verdicts[1]?.ok, verdicts[1]?.text).toBe(true);
  });

  test('no packet was lost, late, early or malformed, and none was left unsent', async () => {
    // All of it before anything is judged: what failed together says why.
    const found: string[] = [];
    for (const tutti of [left, right]) {
      const [receivers, senders] = [await tutti.receivers(), await tutti.senders()];
      for (const { name, counters } of receivers)
        found.push(...troubles(name, counters, ['lost', 'late', 'early', 'malformed', 'reanchors']));
      for (const { name, counters } of senders)
        found.push(...troubles(name, counters, ['sendErrors', 'skipped']));
      for (const { counters } of receivers) expect(counters['packets']).toBeGreaterThan(seconds * 1000);
    }
    expect(found).toEqual([]);
  });
});

/** One line for each of these counters that is not 0. */
function troubles(
  name: string,
  counters: Readonly<Record<string, number>>,
  kinds: readonly string[],
): string[] {
  return kinds.filter((kind) => counters[kind] !== 0).map((kind) => `${name}: ${kind} ${counters[kind]}`);
}

/** Sixteen senders of `from`, received by `to` on the same channels. Both run on one machine: its clock is shared. */
async function connect(from: Tutti, to: Tutti, network: string): Promise<void> {
  for (let i = 0; i < streams; ++i) {
    const channels = `${8 * i + 1}-${8 * i + 8}`;
    const sender = await from.ok<SenderInfo>(
      ...[
        'sender',
        'add',
        '--name',
        `block ${i + 1}`,
        '--channels',
        channels,
        '--dest',
        `${network}.${i + 1}:5004`,
      ],
    );
    const sdp = await from.sdpOf(sender);
    await to.receive(sdp, '--map', `1-8:${channels}`, '--timing', 'shared', '--link-offset', linkOffsetMs);
  }
  await until('packets in every receiver', async () => (await to.receivers()).every(hasPackets), 20_000);
}

function hasPackets(receiver: ReceiverInfo): boolean {
  return (receiver.counters['packets'] ?? 0) > 0;
}

async function startWay(from: Tutti, to: Tutti): Promise<{ player: Program; verdict: Promise<Verdict> }> {
  const { lab } = from;
  const toDevice = makePipe(lab.file('to-device'));
  generate(lab, from.at, signal, 's24_3le', 'endless', toDevice.write);
  const player = await play(from, whole, 's24_3le', rate, toDevice.read);
  await sleep(2000); // both ways play before either is listened to
  const fromDevice = makePipe(lab.file('from-device'));
  const { verdict } = check(lab, to.at, signal, 's24_3le', seconds - 0.5, fromDevice.read);
  await record(to, whole, 's24_3le', rate, fromDevice.write, seconds);
  return { player, verdict };
}
