import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { ReceiverInfo } from '@tutti/common';
import { record } from '../harness/alsa.ts';
import { Lab, repository } from '../harness/lab.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { trackTone, type ToneSecond } from '../harness/tone-track.ts';
import { Tutti } from '../harness/tutti.ts';
import { until } from '../harness/wait.ts';
import type { Soak, SoakResult } from './soak.ts';

const rate = 48_000;
const toneHertz = 997;
const settleSeconds = 30;
const largestRestDb = -110;
const latencyMs = 0.25;

const shape = { encoding: 'L24', rate, port: 5004, payloadType: 98 } as const;

interface Sender {
  readonly name: string;
  readonly stream: Stream;
  readonly linkOffsetMs: string;
  /** By how much its clock is faster than the machine's; undefined where nobody knows. */
  readonly ppm?: number;
  start(lab: Lab, stream: Stream, seconds: number): void;
}

const senders: readonly Sender[] = [...[300, -300].map(toneSender), ffmpegSender()];

function toneSender(ppm: number, i: number): Sender {
  return {
    name: `our tone generator, clock ${ppm > 0 ? '+' : '−'}${Math.abs(ppm)} ppm`,
    stream: { ...shape, channels: 2, frames: 48, address: `239.10.9.${i + 1}`, port: 5004 + 2 * i },
    linkOffsetMs: '20',
    ppm,
    start: (lab, { address, port, channels, frames, payloadType }, seconds) => {
      const line = {
        ...{ group: address, port, interface: lab.peer.address, channels, frames, rate, ppm, seconds },
        ...{ type: payloadType, tone: toneHertz },
      };
      const options = Object.entries(line).flatMap(([name, value]) => [`--${name}`, `${value}`]);
      lab.start(lab.peer, join(repository, 'build/tools/rtp_tone'), options, { punctual: true });
    },
  };
}

/** As anybody would start it: it sends blocks of 1024 frames in bursts, whenever it finds the time. */
function ffmpegSender(): Sender {
  return {
    name: 'ffmpeg 5.1, `-re -f rtp`, 16-bit tone',
    stream: { ...shape, channels: 1, frames: 480, address: '239.10.9.9', port: 5014 },
    linkOffsetMs: '100',
    start: (lab, { address, port, payloadType }) => {
      lab.start(lab.peer, 'ffmpeg', [
        ...['-hide_banner', '-nostdin', '-loglevel', 'warning', '-re', '-f', 'lavfi'],
        ...[
          '-i',
          `sine=frequency=${toneHertz}:sample_rate=${rate}`,
          '-af',
          'volume=17dB',
          '-c:a',
          'pcm_s24be',
        ],
        ...['-payload_type', `${payloadType}`, '-f', 'rtp'],
        `rtp://${address}:${port}?ttl=4&localaddr=${lab.peer.address}`,
      ]);
    },
  };
}

/** Streams on other clocks, received together, recovered and resampled, heard at the device by ALSA programs. */
export const soak: Soak = {
  about: 'streams 300 ppm off our clock, and ffmpeg: dropouts, latency, THD+N',
  seconds: 600,
  page: 'docs/resampling.md',
  run,
};

async function run(seconds: number): Promise<SoakResult> {
  const lab = new Lab();
  const problems: string[] = [];
  const lines = [
    `${seconds} s, ${rate} Hz, a ${toneHertz} Hz tone at −1 dBFS; sender and receiver in two namespaces on one machine, recorded`,
    'by `arecord` from the device. THD+N is what a sine fitted to each second leaves over, worst second after the first',
    `${settleSeconds} and when that was; latency is the phase of the tone against a straight line, by how far it leaves its`,
    'middle.',
    '',
    '| sender | clock recovered | missing frames | re-anchored | THD+N, worst | at, s | median | latency within |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  try {
    const tutti = await Tutti.start(lab);
    const heard = await Promise.all(senders.map((each, i) => listen(lab, tutti, each, 2 * i + 1, seconds)));
    const receivers = await tutti.receivers();
    for (const [i, sender] of senders.entries()) {
      const receiver = receivers.find(({ id }) => id === heard[i]?.id);
      if (receiver === undefined) throw new Error(`"${sender.name}" has no receiver`);
      const { line, wrong } = judge(sender, receiver, heard[i]?.file ?? '');
      lines.push(line);
      problems.push(...wrong.map((each) => `${sender.name}: ${each}`));
    }
    await tutti.stop();
  } finally {
    await lab.remove();
  }
  return { lines, problems };
}

/** Receives the sender on inputs from `first` on: the receiver, and the file in which the first of them was recorded. */
async function listen(lab: Lab, tutti: Tutti, sender: Sender, first: number, seconds: number) {
  sender.start(lab, sender.stream, seconds + 60);
  const sdp = foreignSdp(sender.stream, lab.peer.address, sender.name, first);
  const map = `1-${sender.stream.channels}:${first}-${first + sender.stream.channels - 1}`;
  const added = await tutti.receive(sdp, '--map', map, '--link-offset', sender.linkOffsetMs);
  await until(`"${sender.name}" to be anchored`, async () => {
    const now = (await tutti.receivers()).find(({ id }) => id === added.id);
    return now?.timing === 'resample' && now.counters['anchored'] === 1;
  });
  const file = lab.file('heard.f32');
  const place = { first, channels: 1 };
  const recorder = await record(tutti, place, 'f32le', rate, openSync(file, 'w'), seconds + settleSeconds);
  await recorder.succeed((seconds + settleSeconds + 30) * 1000);
  return { id: added.id, file };
}

function judge(sender: Sender, { counters }: ReceiverInfo, file: string) {
  const ppm = (counters['senderPpb'] ?? NaN) / 1000;
  const hertz = toneHertz * (1 + (sender.ppm ?? ppm) * 1e-6);
  const heard = trackTone(file, hertz, rate).slice(settleSeconds);
  const rests = heard.map(({ restDb }) => restDb).sort((a, b) => a - b);
  const [median = NaN, worst = NaN] = [rests[Math.floor(rests.length / 2)], rests.at(-1)];
  const worstAt = settleSeconds + heard.findIndex(({ restDb }) => restDb === worst);
  const latency = latencyWithin(heard, hertz);
  const { missingFrames = NaN, reanchors = NaN } = counters;
  const wrong: string[] = [];
  const expect = (kept: boolean, words: string) => (kept ? 0 : wrong.push(words));
  expect(missingFrames === 0, `${missingFrames} frames were missing`);
  expect(reanchors === 0, `anchored anew ${reanchors} times`);
  if (sender.ppm !== undefined) {
    expect(Math.abs(ppm - sender.ppm) < 1, `its clock was taken for ${ppm} ppm off`);
    expect(worst < largestRestDb, `THD+N was ${worst.toFixed(1)} dB`);
    expect(latency < latencyMs, `latency moved by ${latency.toFixed(3)} ms`);
  }
  const cells = [
    ...[sender.name, `${ppm.toFixed(2)} ppm`, missingFrames, reanchors, `${worst.toFixed(1)} dB`],
    ...[worstAt, `${median.toFixed(1)} dB`, `±${(1000 * latency).toFixed(1)} µs`],
  ];
  return { line: `| ${cells.join(' | ')} |`, wrong };
}

/** By how much the delay of the tone leaves its middle, ms. A second's phase is known within a turn: half a turn is 0.5 ms. */
function latencyWithin(heard: readonly ToneSecond[], hertz: number): number {
  let unwrapped = 0;
  let before: number | undefined;
  const turns = heard.map(({ phase }, second) => {
    const error = phase - ((hertz * second) % 1);
    const step = before === undefined ? 0 : error - before;
    unwrapped += step - Math.round(step);
    before = error;
    return unwrapped;
  });
  return (1000 * (Math.max(...turns) - Math.min(...turns))) / 2 / hertz;
}
