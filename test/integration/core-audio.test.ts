import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceInfo, SenderInfo } from '@tutti/common';
import { gstreamerReceive, gstreamerSend } from '../harness/gstreamer.ts';
import { repository, type Lab } from '../harness/lab.ts';
import { makePipe, type Program } from '../harness/process.ts';
import { check, generate, type Signal, type Verdict } from '../harness/signal.ts';
import { foreignSdp, framesOf, type Stream } from '../harness/stream.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { joined, sleep, until } from '../harness/wait.ts';

/**
 * The Core Audio driver as a Mac would run it, with stand-ins for coreaudiod and Core Foundation (hal/coreaudio/test),
 * against the real engine and a program that we did not write.
 */
const channels = 8;
const first = 17;

describe.each([48_000, 96_000])('at %i Hz the Core Audio driver passes every sample', (rate) => {
  const lab = useLab();
  const signal: Signal = { kind: 'prbs', channels, rate, bits: 24 };
  const stream = (address: string): Stream => ({
    ...{ encoding: 'L24', rate, channels, frames: framesOf(rate, 0.5), address, port: 5004, payloadType: 98 },
  });
  let tutti: Tutti | undefined;

  beforeAll(async () => {
    tutti = await Tutti.start(lab(), lab().tutti, { rate });
  });
  afterAll(() => tutti?.stop());

  test('from GStreamer through the engine to an application', async () => {
    expect(await listen(tutti as Tutti, stream('239.10.3.1'), signal)).toEqual({
      ok: true,
      text: expect.any(String),
    });
  });

  test('from an application through the engine to GStreamer', async () => {
    expect(await talk(tutti as Tutti, stream('239.10.3.2'), signal)).toEqual({
      ok: true,
      text: expect.any(String),
    });
  });

  test('the device reports what the driver made of the rate', async () => {
    expect(await (tutti as Tutti).ok<DeviceInfo>('device', 'show')).toMatchObject({ rate });
  });
});

async function listen(tutti: Tutti, stream: Stream, signal: Signal): Promise<Verdict> {
  const { lab } = tutti;
  const toSender = makePipe(lab.file('to-sender'));
  const source = generate(lab, lab.peer, signal, 's24be', 60, toSender.write);
  const sender = gstreamerSend(lab, lab.peer, stream, toSender.read);
  const receiver = await tutti.receive(
    foreignSdp(stream, lab.peer.address, 'to the driver', first),
    ...[
      '--map',
      `1-${channels}:${first}-${first + channels - 1}`,
      '--link-offset',
      '200',
      '--timing',
      'arrival',
    ],
  );
  await until('packets', async () => {
    const now = (await tutti.receivers()).find(({ id }) => id === receiver.id);
    return (now?.counters['packets'] ?? 0) * stream.frames > stream.rate;
  });
  const fromDriver = makePipe(lab.file('from-driver'));
  const checked = check(lab, lab.tutti, signal, 'f32le', 1.5, fromDriver.read);
  const application = audioServer(tutti, 'read', ['--seconds', '2'], { stdout: fromDriver.write });
  await application.succeed(30_000);
  const verdict = await checked.verdict;
  await Promise.all([source.stop('SIGKILL'), sender.stop('SIGKILL')]);
  await tutti.ok('receiver', 'remove', receiver.id);
  return verdict;
}

async function talk(tutti: Tutti, stream: Stream, signal: Signal): Promise<Verdict> {
  const { lab } = tutti;
  const sender = await tutti.ok<SenderInfo>(
    ...['sender', 'add', '--name', 'from the driver', '--channels', `${first}-${first + channels - 1}`],
    ...['--format', 'L24', '--ptime', '0.5', '--dest', `${stream.address}:${stream.port}`],
  );
  const fromPeer = makePipe(lab.file('from-peer'));
  const checked = check(lab, lab.peer, signal, 's24be', 2.5, fromPeer.read);
  const listening = { ...stream, frames: sender.framesPerPacket, payloadType: sender.payloadType };
  const receiver = gstreamerReceive(lab, lab.peer, listening, fromPeer.write);
  await joined(lab.peer, stream.address);
  await sleep(500); // a decoder that has only just joined may still be looking at what comes
  const toDriver = makePipe(lab.file('to-driver'));
  generate(lab, lab.tutti, signal, 'f32le', 3, toDriver.write);
  const application = audioServer(tutti, 'write', [], { stdin: toDriver.read });
  await application.succeed(30_000);
  await sleep(500); // GStreamer's jitter buffer holds 200 ms
  await receiver.stop('SIGINT', 1000);
  await tutti.ok('sender', 'remove', sender.id);
  return checked.verdict;
}

/** The stand-in for coreaudiod with the driver in it, as one application of the device. */
function audioServer(
  tutti: Tutti,
  verb: 'read' | 'write',
  options: readonly string[],
  ends: Parameters<Lab['start']>[3],
): Program {
  return tutti.lab.start(
    tutti.at,
    join(repository, 'build/tools/audio_server'),
    [verb, '--first', `${first}`, '--channels', `${channels}`, ...options],
    { ...ends, punctual: true, env: { TUTTI_DEVICE_SOCKET: join(tutti.data, 'device.sock') } },
  );
}
