import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SenderInfo } from '@tutti/common';
import { PipeWire } from '../harness/pipewire.ts';
import { play, record } from '../harness/alsa.ts';
import { makePipe } from '../harness/process.ts';
import { sapGroup } from '../harness/sap.ts';
import { measureTone } from '../harness/tone.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

/**
 * PipeWire 0.3.65 follows a sender with a resampler, so it is asked to hear and to play a tone, not bits: right pitch,
 * right level, nothing else. It reads and writes the streams from SAP alone, so the announcements are put to use too.
 */
const rate = 48_000;
const tone = { hertz: 997, level: 0.5 };
const unmixed =
  'resample.disable = true channelmix.disable = true adapter.auto-port-config = { mode = dsp monitor = false position = preserve }';

describe('PipeWire', () => {
  const lab = useLab();
  let tutti: Tutti;
  let pipewire: PipeWire;

  beforeAll(async () => {
    tutti = await Tutti.start(lab());
    const { interface: wire, address } = lab().peer;
    pipewire = await PipeWire.start(lab(), lab().peer, {
      rate,
      modules: [
        `{ name = libpipewire-module-rtp-source args = { sap.ip = "${sapGroup}" local.ifname = "${wire}" sess.latency.msec = 50 stream.props = { ${unmixed} } } }`,
        `{ name = libpipewire-module-rtp-sink args = { sap.ip = "${sapGroup}" source.ip = "${address}" destination.ip = "239.10.8.2" destination.port = 5004 local.ifname = "${wire}" net.ttl = 4 sess.name = "From PipeWire" sess.min-ptime = 1 sess.max-ptime = 1 audio.format = "S24BE" audio.rate = ${rate} audio.channels = 2 stream.props = { ${unmixed} } } }`,
      ],
    });
  });
  afterAll(() => tutti.stop());

  test('plays what we send, found by our announcement', async () => {
    await tutti.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'To PipeWire', '--channels', '1-2', '--dest', '239.10.8.1:5004'],
    );
    const toDevice = makePipe(lab().file('tone'));
    const sox = [
      '-q',
      '-n',
      '-r',
      `${rate}`,
      '-c',
      '2',
      '-t',
      's32',
      '-',
      'synth',
      '120',
      'sine',
      `${tone.hertz}`,
      'vol',
      `${tone.level}`,
    ];
    lab().start(lab().tutti, 'sox', sox, { stdout: toDevice.write });
    const player = await play(tutti, { first: 1, channels: 2 }, 's32le', rate, toDevice.read);

    const ports = await until('the stream in PipeWire', async () => {
      const all = (await pipewire.ports('outputs')).filter((port) => port.startsWith('To PipeWire:'));
      return all.length === 2 && all;
    });
    const file = lab().file('heard.wav');
    const recorder = pipewire.start('pw-record', [
      '--rate',
      `${rate}`,
      '--channels',
      '2',
      '--format',
      'f32',
      '-P',
      `{ ${unmixed} }`,
      file,
    ]);
    await linkAll(ports, 'inputs', 'pw-record:');
    await sleep(3000);
    await recorder.stop('SIGINT');
    await player.stop('SIGKILL');
    expect(await measureTone(lab(), file, rate)).toMatchObject(asPlayed);
  });

  test('is heard by us, found by its announcement', async () => {
    const session = await until('the session', async () =>
      (await tutti.sessions()).find(({ name }) => name.includes('PipeWire') && !name.startsWith('To')),
    );
    const wav = lab().file('tone.wav');
    await lab().run(lab().peer, 'sox', [
      '-n',
      '-r',
      `${rate}`,
      '-c',
      '2',
      '-b',
      '24',
      wav,
      'synth',
      '120',
      'sine',
      `${tone.hertz}`,
      'vol',
      `${tone.level}`,
    ]);
    const player = pipewire.start('pw-play', ['-P', `{ ${unmixed} }`, wav]);
    const ports = await until('the sink in PipeWire', async () => {
      const all = (await pipewire.ports('outputs')).filter((port) => port.startsWith('pw-play:'));
      return all.length === 2 && all;
    });
    await linkAll(ports, 'inputs', 'rtp-sink');
    await tutti.ok('receiver', 'add', '--session', session.id, '--map', '1-2:1-2', '--link-offset', '200');
    await until('packets', async () =>
      (await tutti.receivers()).some((r) => (r.counters['packets'] ?? 0) > 1000),
    );
    const heard = lab().file('heard.raw');
    const pipe = makePipe(lab().file('pipe'));
    const writer = lab().start(
      lab().tutti,
      'sox',
      ['-t', 's32', '-r', `${rate}`, '-c', '2', '-', `${heard}.wav`],
      { stdin: pipe.read },
    );
    await (await record(tutti, { first: 1, channels: 2 }, 's32le', rate, pipe.write, 3)).succeed();
    await writer.exited;
    await player.stop('SIGKILL');
    const counters = JSON.stringify((await tutti.receivers()).map((receiver) => receiver.counters));
    expect(await measureTone(lab(), `${heard}.wav`, rate), counters).toMatchObject(asPlayed);
  });

  const asPlayed = {
    hertz: expect.closeTo(tone.hertz, 0),
    level: expect.closeTo(tone.level, 2),
    restBelowTone: expect.toSatisfy((decibel: number) => decibel > 60),
  };

  async function linkAll(outputs: readonly string[], direction: 'inputs', prefix: string): Promise<void> {
    const inputs = await until(`ports of ${prefix}`, async () => {
      const all = (await pipewire.ports(direction)).filter((port) => port.startsWith(prefix));
      return all.length === outputs.length && all;
    });
    for (const [i, output] of outputs.entries()) await pipewire.link(output, inputs[i] ?? '');
  }
});
