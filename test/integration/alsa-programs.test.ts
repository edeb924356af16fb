import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SenderInfo } from '@tutti/common';
import { pcm, record } from '../harness/alsa.ts';
import { makePipe, type Program } from '../harness/process.ts';
import { check, generate, type SampleFormat, type Signal } from '../harness/signal.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep } from '../harness/wait.ts';

const rate = 48_000;
const signal: Signal = { kind: 'prbs', channels: 2, rate, bits: 24 };
const seconds = 3;

/** A sender of ours that a receiver of ours hears: what one program plays, another records. */
describe('programs other than aplay and arecord use the device', () => {
  const lab = useLab();
  let tutti: Tutti;
  let env: Record<string, string>;

  beforeAll(async () => {
    tutti = await Tutti.start(lab());
    env = await tutti.alsaEnvironment();
    const sender = await tutti.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Loop', '--channels', '1-2', '--dest', '239.10.7.1:5004'],
    );
    // A busy machine is not a network: play late rather than wrong.
    await tutti.receive(await tutti.sdpOf(sender), '--map', '1-2:1-2', '--link-offset', '200');
  });
  afterAll(() => tutti.stop());

  const s32 = ['-t', 'raw', '-e', 'signed', '-b', '32', '-L', '-r', `${rate}`, '-c', '2'];
  const raw32 = ['-f', 's32le', '-ar', `${rate}`, '-ac', '2'];
  const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'warning'];

  test('ffmpeg records it sample for sample', async () => {
    const played = await playWith('aplay', [
      '-q',
      '-D',
      pcm(1),
      '-t',
      'raw',
      '-f',
      'S32_LE',
      '-r',
      `${rate}`,
      '-c',
      '2',
    ]);
    const program = (output: number) =>
      start(
        'ffmpeg',
        [
          ...quiet,
          '-f',
          'alsa',
          '-ar',
          `${rate}`,
          '-ac',
          '2',
          '-c:a',
          'pcm_s32le',
          '-i',
          pcm(1),
          '-t',
          `${seconds}`,
          '-c:a',
          'copy',
          '-f',
          's32le',
          'pipe:1',
        ],
        { stdout: output },
      );
    await hear(program);
    await played.stop('SIGKILL');
  });

  test('sox records it sample for sample', async () => {
    const played = await playWith('aplay', [
      '-q',
      '-D',
      pcm(1),
      '-t',
      'raw',
      '-f',
      'S32_LE',
      '-r',
      `${rate}`,
      '-c',
      '2',
    ]);
    const program = (output: number) =>
      start(
        'sox',
        [
          '-q',
          '-b',
          '32',
          '-e',
          'signed',
          '-r',
          `${rate}`,
          '-c',
          '2',
          '-t',
          'alsa',
          pcm(1),
          ...s32,
          '-',
          'trim',
          '0',
          `${seconds}`,
        ],
        { stdout: output },
      );
    await hear(program);
    await played.stop('SIGKILL');
  });

  test('ffmpeg plays to it sample for sample', async () => {
    const played = await playWith('ffmpeg', [
      ...quiet,
      '-re',
      ...raw32,
      '-i',
      'pipe:0',
      '-c:a',
      'copy',
      '-f',
      'alsa',
      pcm(1),
    ]);
    await hear(undefined);
    await played.stop('SIGKILL');
  });

  test('sox plays to it sample for sample', async () => {
    const played = await playWith('sox', [
      '-q',
      ...s32,
      '-',
      '-b',
      '32',
      '-e',
      'signed',
      '-t',
      'alsa',
      pcm(1),
    ]);
    await hear(undefined);
    await played.stop('SIGKILL');
  });

  test('several programs use different channels at once, and one channel has one player', async () => {
    const first = await playWith('aplay', [
      '-q',
      '-D',
      pcm(1),
      '-t',
      'raw',
      '-f',
      'S32_LE',
      '-r',
      `${rate}`,
      '-c',
      '2',
    ]);
    const second = await playWith('aplay', [
      '-q',
      '-D',
      pcm(3),
      '-t',
      'raw',
      '-f',
      'S32_LE',
      '-r',
      `${rate}`,
      '-c',
      '2',
    ]);
    const third = await playWith('aplay', [
      '-q',
      '-D',
      pcm(2),
      '-t',
      'raw',
      '-f',
      'S32_LE',
      '-r',
      `${rate}`,
      '-c',
      '2',
    ]);
    await third.exited;
    expect(third.exit?.code).not.toBe(0);
    expect(third.stderr).toContain('output channel 2 is in use by aplay');
    expect([first.running, second.running]).toEqual([true, true]);
    const { clients } = (await tutti.status()).device;
    expect(clients.map((client) => client.first).sort()).toEqual([0, 2]);

    await first.stop('SIGKILL');
    const fourth = await playWith('aplay', [
      '-q',
      '-D',
      pcm(1),
      '-t',
      'raw',
      '-f',
      'S32_LE',
      '-r',
      `${rate}`,
      '-c',
      '2',
    ]);
    await sleep(500);
    expect(fourth.running).toBe(true);
    await Promise.all([second, fourth].map((program) => program.stop('SIGKILL')));
  });

  /** Starts a program that plays the signal from its standard input, and lets it begin. */
  async function playWith(command: string, args: readonly string[]): Promise<Program> {
    const pipe = makePipe(lab().file('to-device'));
    generate(lab(), lab().tutti, signal, 's32le', 'endless', pipe.write);
    const program = start(command, args, { stdin: pipe.read });
    await sleep(1000);
    return program;
  }

  /** Records with a program, or with arecord, and expects every sample to be right. */
  async function hear(recorder: ((output: number) => Program) | undefined): Promise<void> {
    const format: SampleFormat = 's32le';
    const pipe = makePipe(lab().file('from-device'));
    const { verdict } = check(lab(), lab().tutti, signal, format, seconds - 0.5, pipe.read);
    const program = recorder
      ? recorder(pipe.write)
      : await record(tutti, { first: 1, channels: 2 }, format, rate, pipe.write, seconds);
    await program.succeed(20_000);
    expect(await verdict).toMatchObject({ ok: true });
  }

  function start(
    command: string,
    args: readonly string[],
    ends: { stdin?: number; stdout?: number },
  ): Program {
    const all = { ...env, AUDIODEV: pcm(1) };
    return lab().start(lab().tutti, command, args, { ...ends, env: all, punctual: true });
  }
});
