import { describe, expect, test } from 'vitest';
import { ffmpegReceive, ffmpegSend } from '../harness/ffmpeg.ts';
import { gstreamerReceive, gstreamerSend } from '../harness/gstreamer.ts';
import { makePipe } from '../harness/process.ts';
import { check, generate, type Signal } from '../harness/signal.ts';
import { foreignSdp, wireFormat, type Stream } from '../harness/stream.ts';
import { useLab } from '../harness/use-lab.ts';
import { joined, sleep } from '../harness/wait.ts';

const stream: Stream = {
  ...{ encoding: 'L24', rate: 48_000, channels: 8, frames: 48 },
  ...{ address: '239.10.0.1', port: 5004, payloadType: 98 },
};
const signal: Signal = { kind: 'prbs', channels: 8, rate: 48_000, bits: 24 };
const seconds = 2;

/** If these fail, it is the bench that is out of order, not Tutti. */
describe('without Tutti, the bench carries every sample', () => {
  const lab = useLab();

  test('from GStreamer to ffmpeg', async () => {
    const fromPeer = makePipe(lab().file('heard'));
    const sdp = foreignSdp(stream, lab().tutti.address, 'Bench');
    const receiver = ffmpegReceive(lab(), lab().peer, stream, sdp, fromPeer.write);
    const heard = check(lab(), lab().peer, signal, wireFormat(stream), seconds - 0.5, fromPeer.read);
    await joined(lab().peer, stream.address);
    await sleep(300);
    const toPeer = makePipe(lab().file('said'));
    generate(lab(), lab().tutti, signal, wireFormat(stream), seconds, toPeer.write);
    await gstreamerSend(lab(), lab().tutti, stream, toPeer.read).succeed();
    await sleep(500);
    await receiver.stop('SIGINT', 500);
    expect(await heard.verdict).toMatchObject({ ok: true });
  });

  test('from ffmpeg to GStreamer', async () => {
    const fromPeer = makePipe(lab().file('heard'));
    const receiver = gstreamerReceive(lab(), lab().peer, stream, fromPeer.write);
    const heard = check(lab(), lab().peer, signal, wireFormat(stream), seconds - 0.5, fromPeer.read);
    await joined(lab().peer, stream.address);
    await sleep(300);
    const toPeer = makePipe(lab().file('said'));
    generate(lab(), lab().tutti, signal, wireFormat(stream), seconds, toPeer.write);
    await ffmpegSend(lab(), lab().tutti, stream, toPeer.read).succeed();
    await sleep(500);
    await receiver.stop('SIGINT', 500);
    expect(await heard.verdict).toMatchObject({ ok: true });
  });
});
