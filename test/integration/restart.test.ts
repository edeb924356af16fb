import { describe, expect, test } from 'vitest';
import type { SenderInfo } from '@tutti/common';
import { play, record } from '../harness/alsa.ts';
import { gstreamerReceive, gstreamerSend } from '../harness/gstreamer.ts';
import { makePipe } from '../harness/process.ts';
import { check, generate, type Signal } from '../harness/signal.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { joined, sleep, until } from '../harness/wait.ts';

const rate = 96_000;
const signal: Signal = { kind: 'prbs', channels: 2, rate, bits: 24 };
const shape = { encoding: 'L24', rate, channels: 2, frames: 96, port: 5004, payloadType: 98 } as const;
const coming: Stream = { ...shape, address: '239.10.6.1' };

describe('after a stop and a new start', () => {
  const lab = useLab();

  test('everything is as it was, and audio runs without a word from anybody', async () => {
    const before = await Tutti.start(lab(), lab().tutti, { rate });
    const sdp = foreignSdp(coming, lab().peer.address, 'Coming');
    await before.receive(sdp, '--map', '1-2:7-8', '--link-offset', '200', '--timing', 'arrival');
    const sender = await before.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Going', '--channels', '3-4', '--dest', '239.10.6.2:5006'],
    );
    const published = await before.sdpOf(sender);
    const [receivers, senders] = [await before.receivers(), await before.senders()];
    await before.stop();

    const after = await Tutti.start(lab(), lab().tutti, { data: before.data });
    const settled = ({ id, name, map, legs }: (typeof receivers)[number] | SenderInfo) => ({
      id,
      name,
      map,
      legs,
    });
    expect((await after.receivers()).map(settled)).toEqual(receivers.map(settled));
    expect((await after.senders()).map(settled)).toEqual(senders.map(settled));
    expect((await after.status()).device.rate).toBe(rate);
    expect(await after.sdpOf(sender)).toBe(published);

    const toPeer = makePipe(lab().file('to-peer'));
    generate(lab(), lab().peer, signal, 's24be', 'endless', toPeer.write);
    gstreamerSend(lab(), lab().peer, coming, toPeer.read);
    await until('packets', async () =>
      (await after.receivers()).every((r) => (r.counters['packets'] ?? 0) > 500),
    );
    const fromDevice = makePipe(lab().file('from-device'));
    const recorded = check(lab(), lab().tutti, signal, 's24_3le', 1.5, fromDevice.read);
    await record(after, { first: 7, channels: 2 }, 's24_3le', rate, fromDevice.write, 2);
    expect(await recorded.verdict).toMatchObject({ ok: true });

    const fromPeer = makePipe(lab().file('from-peer'));
    const heard = check(lab(), lab().peer, signal, 's24be', 1.5, fromPeer.read);
    const stream: Stream = { ...shape, address: '239.10.6.2', port: 5006, payloadType: sender.payloadType };
    const receiver = gstreamerReceive(lab(), lab().peer, stream, fromPeer.write);
    await joined(lab().peer, stream.address);
    await sleep(300);
    const toDevice = makePipe(lab().file('to-device'));
    generate(lab(), lab().tutti, signal, 's32le', 2, toDevice.write);
    await (await play(after, { first: 3, channels: 2 }, 's32le', rate, toDevice.read)).succeed();
    await sleep(500);
    await receiver.stop();
    expect(await heard.verdict).toMatchObject({ ok: true });
    await after.stop();
  });
});
