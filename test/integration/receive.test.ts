import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../harness/alsa.ts';
import { ffmpegSend } from '../harness/ffmpeg.ts';
import { gstreamerSend } from '../harness/gstreamer.ts';
import { batches, matrixCases, matrixRates, type MatrixCase } from '../harness/matrix.ts';
import { Outcomes } from '../harness/outcome.ts';
import { makePipe } from '../harness/process.ts';
import { check, generate, type Verdict } from '../harness/signal.ts';
import { foreignSdp, wireFormat } from '../harness/stream.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

/** These senders do not share our clock: unresampled. A busy machine is not a network: play late rather than wrong. */
const linkOffsetMs = '200';
const listenSeconds = 2;

describe.each(matrixRates)('at %i Hz, what foreign senders send is recorded sample for sample', (rate) => {
  const lab = useLab();
  const cases = matrixCases(rate, '239.10.1');
  const outcomes = new Outcomes<MatrixCase, Verdict>();
  let tutti: Tutti | undefined;

  beforeAll(async () => {
    tutti = await Tutti.start(lab(), lab().tutti, { rate });
    for (const batch of batches(cases)) {
      await Promise.all(batch.map((each) => outcomes.keep(each, () => receive(tutti as Tutti, each))));
    }
  });
  afterAll(() => tutti?.stop());

  test.each(cases)('$name', (each) => {
    const { ok, text } = outcomes.of(each);
    expect(ok, text).toBe(true);
  });
});

async function receive(tutti: Tutti, each: MatrixCase): Promise<Verdict> {
  const { lab } = tutti;
  const { stream, signal, first } = each;
  const toSender = makePipe(lab.file('to-sender'));
  const source = generate(lab, lab.peer, signal, wireFormat(stream), 'endless', toSender.write);
  const send = each.peer === 'GStreamer' ? gstreamerSend : ffmpegSend;
  const sender = send(lab, lab.peer, stream, toSender.read);

  const sdp = foreignSdp(stream, lab.peer.address, each.name, first);
  const map = `1-${stream.channels}:${first}-${first + stream.channels - 1}`;
  const receiver = await tutti.receive(
    ...([sdp, '--map', map, '--link-offset', linkOffsetMs, '--timing', 'arrival'] as const),
  );
  await until(`packets of "${each.name}"`, async () => {
    const now = (await tutti.receivers()).find(({ id }) => id === receiver.id);
    return (now?.counters['packets'] ?? 0) * stream.frames > stream.rate;
  });

  const fromDevice = makePipe(lab.file('from-device'));
  const checked = check(lab, lab.tutti, signal, each.format, listenSeconds - 0.5, fromDevice.read);
  const place = { first, channels: stream.channels };
  const recorder = await record(tutti, place, each.format, stream.rate, fromDevice.write, listenSeconds);
  await recorder.succeed(20_000);
  const { ok, text } = await checked.verdict;
  const counters = (await tutti.receivers()).find(({ id }) => id === receiver.id)?.counters;
  await Promise.all([source.stop('SIGKILL'), sender.stop('SIGKILL')]);
  await tutti.ok('receiver', 'remove', receiver.id);
  return { ok, text: `${text} ${JSON.stringify(counters)} ${recorder.stderr}${sender.stderr}` };
}
