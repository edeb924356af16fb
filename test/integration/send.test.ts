import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SenderInfo } from '@tutti/common';
import { play } from '../harness/alsa.ts';
import { ffmpegReceive } from '../harness/ffmpeg.ts';
import { gstreamerReceive } from '../harness/gstreamer.ts';
import { batches, matrixCases, matrixRates, type MatrixCase } from '../harness/matrix.ts';
import { Outcomes } from '../harness/outcome.ts';
import { makePipe } from '../harness/process.ts';
import { check, generate, type Verdict } from '../harness/signal.ts';
import { wireFormat } from '../harness/stream.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { joined, sleep } from '../harness/wait.ts';

const playSeconds = 3;

describe.each(matrixRates)('at %i Hz, what is played reaches foreign receivers sample for sample', (rate) => {
  const lab = useLab();
  const cases = matrixCases(rate, '239.10.2');
  const outcomes = new Outcomes<MatrixCase, Verdict>();
  let tutti: Tutti | undefined;

  beforeAll(async () => {
    tutti = await Tutti.start(lab(), lab().tutti, { rate });
    for (const batch of batches(cases)) {
      await Promise.all(batch.map((each) => outcomes.keep(each, () => send(tutti as Tutti, each))));
    }
  });
  afterAll(() => tutti?.stop());

  test.each(cases)('$name', (each) => {
    const { ok, text } = outcomes.of(each);
    expect(ok, text).toBe(true);
  });
});

async function send(tutti: Tutti, each: MatrixCase): Promise<Verdict> {
  const { lab } = tutti;
  const { signal, first } = each;
  const { channels, encoding, address, port, rate } = each.stream;
  const sender = await tutti.ok<SenderInfo>(
    ...['sender', 'add', '--name', each.name, '--channels', `${first}-${first + channels - 1}`],
    ...['--format', encoding, '--ptime', `${each.packetMs}`, '--dest', `${address}:${port}`],
  );
  expect(sender).toMatchObject({ encoding, rate, channels, framesPerPacket: each.stream.frames });

  const stream = { ...each.stream, payloadType: sender.payloadType };
  const fromPeer = makePipe(lab.file('from-peer'));
  const checked = check(lab, lab.peer, signal, wireFormat(stream), playSeconds - 0.5, fromPeer.read);
  const receiver =
    each.peer === 'GStreamer'
      ? gstreamerReceive(lab, lab.peer, stream, fromPeer.write)
      : ffmpegReceive(lab, lab.peer, stream, await tutti.sdpOf(sender), fromPeer.write);
  await joined(lab.peer, address);
  await sleep(500); // a decoder that has only just joined may still be looking at what comes

  const toDevice = makePipe(lab.file('to-device'));
  generate(lab, lab.tutti, signal, each.format, playSeconds, toDevice.write);
  const player = await play(tutti, { first, channels }, each.format, rate, toDevice.read);
  await player.succeed(20_000);
  await sleep(500); // GStreamer's jitter buffer holds 200 ms
  await receiver.stop('SIGINT', 1000);
  await tutti.ok('sender', 'remove', sender.id);
  return checked.verdict;
}
