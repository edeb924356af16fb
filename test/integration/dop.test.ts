import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReceiverInfo, SenderInfo } from '@tutti/common';
import { instancePaths } from '@tutti/node';
import {
  dopOf,
  dsdNoise,
  dsdTone,
  hearDop,
  readWav24,
  toneLevel,
  writeDsf,
  type Words,
} from '../harness/dsd.ts';
import { repository } from '../harness/lab.ts';
import { PacketFilter } from '../harness/packet-filter.ts';
import type { Program } from '../harness/process.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

const tuttiFile = join(repository, 'dist/hal/tutti-file');
const corpus = resolve(process.env['TUTTI_CORPUS'] ?? join(repository, '../shared/corpus'), 'dop');
/** A busy machine is not a network: play late rather than wrong. */
const linkOffsetMs = '200';
const toneHz = 1000;
const toneAmplitude = 0.5;
const playedSeconds = 2;

const regionOf = (tutti: Tutti): string => instancePaths(repository, tutti.data).region;

/** Records inputs 1 to `channels`; resolves when it records. */
async function record(tutti: Tutti, channels: number): Promise<() => Promise<Words>> {
  const file = tutti.lab.file('heard.wav');
  const program = tutti.lab.start(
    tutti.at,
    tuttiFile,
    ['record', '--region', regionOf(tutti), '--channels', `${channels}`, '--format', 's24', file],
    { punctual: true },
  );
  await program.waitFor(/start \d+/);
  await sleep(300);
  return async () => {
    await program.stop('SIGINT');
    return readWav24(file);
  };
}

function play(tutti: Tutti, file: string): Program {
  return tutti.lab.start(tutti.at, tuttiFile, ['play', '--region', regionOf(tutti), file], {
    punctual: true,
  });
}

interface Rate {
  readonly name: string;
  readonly times: number;
  readonly rate: number;
  readonly pairs: boolean;
  readonly ptime: string;
}

const rates: readonly Rate[] = [
  { name: 'DSD64', times: 64, rate: 176_400, pairs: false, ptime: '1' },
  { name: 'DSD128', times: 128, rate: 352_800, pairs: false, ptime: '0.5' },
  { name: 'DSD128', times: 128, rate: 176_400, pairs: true, ptime: '0.5' },
  { name: 'DSD256', times: 256, rate: 352_800, pairs: true, ptime: '0.25' },
];

describe.each(rates)('$name at $rate Hz (in pairs: $pairs)', ({ name, times, rate, pairs, ptime }) => {
  const lab = useLab();
  const bitRate = times * 44_100;
  const bytes = Math.round((playedSeconds * bitRate) / 8 / 4096) * 4096;
  const dsd = [dsdTone(toneHz, toneAmplitude, bitRate, bytes), dsdNoise(bytes)];
  const played = dopOf(dsd, pairs);
  const { channels } = played;
  let from: Tutti;
  let to: Tutti;
  let sender: SenderInfo;
  let passes: ReceiverInfo;
  let file = '';

  beforeAll(async () => {
    from = await Tutti.start(lab(), lab().tutti, { rate });
    to = await Tutti.start(lab(), lab().peer, { rate });
    file = lab().file('played.dsf');
    writeDsf(file, bitRate, dsd);
    const dest = ['--dest', '239.10.11.1:5004', '--ptime', ptime];
    sender = await from.ok('sender', 'add', '--name', 'DoP', '--channels', `1-${channels}`, ...dest);
    const sdp = await from.sdpOf(sender);
    const options = ['--timing', 'shared', '--link-offset', linkOffsetMs];
    passes = await to.receive(sdp, '--map', `1-${channels}:1-${channels}`, ...options);
    const map = `1-${channels}:${channels + 1}-${2 * channels}`;
    await to.receive(sdp, '--map', map, '--codec', 'DOP-PCM', ...options);
    await until('packets', async () => (await receiver(0)).state === 'running');
  });
  afterAll(() => Promise.all([from.stop(), to.stop()]));

  async function receiver(i: number): Promise<ReceiverInfo> {
    const found = (await to.receivers())[i];
    if (!found) throw new Error('no receiver');
    return found;
  }

  test('a DSF file arrives bit for bit, and is followed by silence of DSD', async () => {
    expect(sender.encoding).toBe('L24');
    expect(passes).toMatchObject({ encoding: 'L24', codec: 'DOP', timing: 'shared' });
    const heard = await record(to, 2 * channels);
    await play(from, file).succeed();
    await sleep(700);
    const words = await heard();
    expect(hearDop(words, played)).toEqual({
      ...{ exact: played.frames, missing: 0, wrong: 0, sameMarkers: true },
      idle: expect.toSatisfy((frames: number) => frames > rate / 10),
    });
    expect((await from.senders())[0]?.dsd).toEqual({ name, rate: bitRate, as: 'dop' });
    expect(await receiver(0)).toMatchObject({ dsd: { name, rate: bitRate, as: 'dop' } });
    expect(await receiver(1)).toMatchObject({ codec: 'DOP-PCM', dsd: { name, rate: bitRate, as: 'pcm' } });
    expect((await receiver(0)).health.signal.message).toContain(name);
  });

  test('the other receiver hears PCM of it', async () => {
    const heard = await record(to, 2 * channels);
    await play(from, file).succeed();
    await sleep(700); // the link offset, and silence for the next test to begin with
    const words = await heard();
    const middle = words.frames - 2 * rate;
    expect(toneLevel(words, channels, toneHz, rate, middle)).toBeCloseTo(toneAmplitude, 2);
  });

  test('what is lost is silence of DSD with markers that alternate, and nothing else', async () => {
    const filter = new PacketFilter(to.at);
    const heard = await record(to, channels);
    const player = play(from, file);
    await player.waitFor(/start \d+/);
    await sleep(500);
    filter.drop('udp dport 5004 numgen random mod 20 < 1');
    await player.succeed();
    await sleep(300);
    const words = await heard();
    expect(filter.dropped()).toBeGreaterThan(10);
    filter.remove();
    const { wrong, missing, idle } = hearDop(words, played);
    expect(wrong).toBe(0);
    expect(missing).toBeGreaterThan(0);
    expect(idle).toBeGreaterThan(missing);
  });
});

describe('a device at 48 kHz', () => {
  const lab = useLab();
  const bitRate = 64 * 44_100;
  let from: Tutti;
  let to: Tutti;

  beforeAll(async () => {
    from = await Tutti.start(lab(), lab().tutti, { rate: 176_400 });
    to = await Tutti.start(lab(), lab().peer);
  });
  afterAll(() => Promise.all([from.stop(), to.stop()]));

  test('hears DSD64 as PCM at its own rate', async () => {
    const bytes = 4096 * Math.round((3 * bitRate) / 8 / 4096);
    const file = lab().file('played.dsf');
    const tone = dsdTone(toneHz, toneAmplitude, bitRate, bytes);
    writeDsf(file, bitRate, [tone, tone]);
    const sender = await from.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'DoP', '--channels', '1-2', '--dest', '239.10.11.2:5004'],
    );
    await to.receive(await from.sdpOf(sender), '--map', '1-2:1-2', '--link-offset', linkOffsetMs);
    await until('packets', async () => (await to.receivers())[0]?.state === 'running');
    await sleep(1000); // the sender's clock is measured
    const heard = await record(to, 2);
    await play(from, file).succeed();
    const words = await heard();
    const [receiver] = await to.receivers();
    expect(receiver).toMatchObject({ timing: 'resample', codec: 'DOP', dsd: { name: 'DSD64', as: 'pcm' } });
    expect(toneLevel(words, 0, toneHz, 48_000, words.frames - 80_000)).toBeCloseTo(toneAmplitude, 2);
  });
});

describe('what cannot be', () => {
  const lab = useLab();
  let tutti: Tutti;

  beforeAll(async () => {
    tutti = await Tutti.start(lab(), lab().tutti, { rate: 384_000 });
  });
  afterAll(() => tutti.stop());

  test('DSD256 as plain DoP on a device that ends at 384 kHz: said wherever it is tried', async () => {
    const file = lab().file('dsd256.dsf');
    writeDsf(file, 256 * 44_100, [dsdNoise(4096)]);
    const player = play(tutti, file);
    expect((await player.exited).code).toBe(1);
    expect(player.stderr).toContain('705600 Hz (which no device has: they end at 384000 Hz)');
    const { code, stderr } = await tutti.cli('device', 'set', '--rate', '705600');
    expect(code).not.toBe(0);
    expect(stderr).toContain('in pairs of channels, which needs 352800 Hz');
  });

  test.skipIf(corpusFiles().length === 0)(
    'files of others are played, or refused with a reason',
    async () => {
      await tutti.ok('device', 'set', '--rate', '176400');
      for (const name of corpusFiles()) {
        const player = play(tutti, join(corpus, name));
        const { code } = await player.exited;
        expect(code === 0 || player.stderr.includes('tutti-file: '), player.report()).toBe(true);
      }
    },
  );
});

function corpusFiles(): readonly string[] {
  try {
    return readdirSync(corpus);
  } catch {
    return [];
  }
}
