import { openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SenderInfo } from '@tutti/common';
import { prepareCoreAudio, runCoreAudio, statusOf, type CoreAudioDriver } from '../harness/core-audio.ts';
import { longestGap } from '../harness/gaps.ts';
import { gstreamerReceive, gstreamerSend } from '../harness/gstreamer.ts';
import { makePipe, type Program, type ProgramOptions } from '../harness/process.ts';
import { check, generate, type Signal, type Verdict } from '../harness/signal.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { joined, sleep, until } from '../harness/wait.ts';

/**
 * The Core Audio driver in a stand-in for coreaudiod, with the real engine at one end and programs that we did not write at
 * the other: eight channels, for sixteen pipelines of GStreamer each way leave nothing of two processor cores.
 */
const first = 17;
const channels = 8;
const deviceChannels = `${first}-${first + channels - 1}`;

const runs: readonly { rate: number; driver: CoreAudioDriver }[] = [
  { rate: 48_000, driver: 'shared object' },
  { rate: 96_000, driver: 'Mach-O' },
];

describe.each(runs)('at $rate Hz, through the Core Audio driver ($driver)', ({ rate, driver }) => {
  const lab = useLab();
  const signal: Signal = { kind: 'prbs', channels, rate, bits: 24 };
  const shape = { encoding: 'L24', rate, channels, frames: 48, port: 5004, payloadType: 98 } as const;
  const coming: Stream = { ...shape, address: '239.10.14.1' };
  const going: Stream = { ...shape, address: '239.10.14.2' };
  let tutti: Tutti;

  beforeAll(async () => {
    prepareCoreAudio(driver);
    tutti = await Tutti.start(lab(), lab().tutti, { rate });
    const toPeer = makePipe(lab().file('to-peer'));
    generate(lab(), lab().peer, signal, 's24be', 'endless', toPeer.write);
    gstreamerSend(lab(), lab().peer, coming, toPeer.read);
    // The sender does not share our clock: unresampled. A busy machine is not a network: play late rather than wrong.
    await tutti.receive(
      foreignSdp(coming, lab().peer.address, 'Coming', first),
      ...([
        '--map',
        `1-${channels}:${deviceChannels}`,
        '--link-offset',
        '200',
        '--timing',
        'arrival',
      ] as const),
    );
    await until('packets', async () =>
      (await tutti.receivers()).every((r) => (r.counters['packets'] ?? 0) * coming.frames > rate),
    );
  }, 300_000);
  afterAll(() => tutti.stop());

  test('an application hears GStreamer and is heard by GStreamer, sample for sample, both at once', async () => {
    const peer = await listenAtPeer();
    const toDriver = makePipe(lab().file('to-driver'));
    generate(lab(), lab().tutti, signal, 'f32le', 3, toDriver.write);
    const fromDriver = makePipe(lab().file('from-driver'));
    const heard = check(lab(), lab().tutti, signal, 'f32le', 2.5, fromDriver.read);
    const application = runApplication(['--play', '--record', '--seconds', '3.5'], {
      stdin: toDriver.read,
      stdout: fromDriver.write,
    });

    await application.succeed(30_000);
    for (const { ok, text } of [await heard.verdict, await peer.verdict()]) expect(ok, text).toBe(true);
    expect(statusOf(application)).toMatchObject({
      engine: 'connected',
      rate,
      inputMissing: 0,
      outputDropped: 0,
    });
  });

  if (rate === 48_000) {
    test('an application that records while the engine is killed hears it again within a second, and then every sample', async () => {
      const recording = lab().file('recording.raw');
      const frameBytes = channels * Float32Array.BYTES_PER_ELEMENT;
      const recorder = runApplication(['--record', '--seconds', '6'], { stdout: openSync(recording, 'w') });
      await until('a recording', () => statSync(recording).size > 1.5 * rate * frameBytes);

      tutti.killEngine();
      await tutti.newEngine();
      await recorder.succeed(30_000);

      const gap = longestGap(recording, channels);
      expect(gap.frames).toBeLessThan(rate);
      const samples = readFileSync(recording);
      // Playout begins again, with another anchor, somewhere in a packet.
      const settled = gap.start + gap.frames + rate / 10;
      for (const part of [
        samples.subarray(0, gap.start * frameBytes),
        samples.subarray(settled * frameBytes),
      ]) {
        const file = lab().file('part.raw');
        writeFileSync(file, part);
        expect(await check(lab(), lab().tutti, signal, 'f32le', 1, file).verdict).toMatchObject({ ok: true });
      }
      expect(statusOf(recorder)).toMatchObject({ engine: 'connected' });
    });
  }

  /** GStreamer at the other end of a sender of ours; `verdict` stops it and says whether all it heard was right. */
  async function listenAtPeer(): Promise<{ verdict: () => Promise<Verdict> }> {
    const sender = await tutti.ok<SenderInfo>(
      ...(['sender', 'add', '--name', 'Going', '--channels', deviceChannels, '--format', 'L24'] as const),
      ...['--ptime', `${(1000 * going.frames) / rate}`, '--dest', `${going.address}:${going.port}`],
    );
    const fromPeer = makePipe(lab().file('from-peer'));
    const checked = check(lab(), lab().peer, signal, 's24be', 2.5, fromPeer.read);
    const stream = { ...going, frames: sender.framesPerPacket, payloadType: sender.payloadType };
    const receiver = gstreamerReceive(lab(), lab().peer, stream, fromPeer.write);
    await joined(lab().peer, going.address);
    await sleep(500); // one that has only just joined may still be looking at what comes
    return {
      verdict: async () => {
        await sleep(500); // its jitter buffer holds 200 ms
        await receiver.stop('SIGINT', 1000);
        return checked.verdict;
      },
    };
  }

  function runApplication(
    options: readonly string[],
    ends: Pick<ProgramOptions, 'stdin' | 'stdout'>,
  ): Program {
    return runCoreAudio(tutti, driver, { rate, first, channels }, options, ends);
  }
});
