import { openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckInfo, SenderInfo } from '@tutti/common';
import { play, record } from '../harness/alsa.ts';
import { longestGap } from '../harness/gaps.ts';
import { gstreamerReceive, gstreamerSend } from '../harness/gstreamer.ts';
import { makePipe, type Program } from '../harness/process.ts';
import { check, generate, type Signal } from '../harness/signal.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { alive, Tutti } from '../harness/tutti.ts';
import { Capture } from '../harness/tshark.ts';
import { useLab } from '../harness/use-lab.ts';
import { joined, sleep, until } from '../harness/wait.ts';

const rate = 48_000;
const signal: Signal = { kind: 'prbs', channels: 8, rate, bits: 24 };
const place = { first: 1, channels: 8 };
const shape = { encoding: 'L24', rate, channels: 8, frames: 48, port: 5004, payloadType: 98 } as const;
const coming: Stream = { ...shape, address: '239.10.5.1' };
const going: Stream = { ...shape, address: '239.10.5.2' };

describe('with a stream coming in and a stream going out', () => {
  const lab = useLab();
  let tutti: Tutti;
  let sender: SenderInfo;
  let player: Program;

  beforeAll(async () => {
    tutti = await Tutti.start(lab());
    const toPeer = makePipe(lab().file('to-peer'));
    generate(lab(), lab().peer, signal, 's24be', 'endless', toPeer.write);
    gstreamerSend(lab(), lab().peer, coming, toPeer.read);
    const sdp = foreignSdp(coming, lab().peer.address, 'Coming');
    await tutti.receive(sdp, '--map', '1-8:1-8', '--link-offset', '100', '--timing', 'arrival');
    sender = await tutti.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Going', '--channels', '1-8', '--dest', `${going.address}:5004`],
    );
    const toDevice = makePipe(lab().file('to-device'));
    generate(lab(), lab().tutti, signal, 's32le', 'endless', toDevice.write);
    player = await play(tutti, place, 's32le', rate, toDevice.read);
    await until('packets', async () =>
      (await tutti.receivers()).every((r) => (r.counters['packets'] ?? 0) > 1000),
    );
  });
  afterAll(() => tutti.stop());

  test('not one sample is wrong when the host is killed and another takes over', async () => {
    const heard = await listenAtPeer();
    const fromDevice = makePipe(lab().file('from-device'));
    const recorded = check(lab(), lab().tutti, signal, 's32le', 8.5, fromDevice.read);
    const recorder = await record(tutti, place, 's32le', rate, fromDevice.write, 9);
    await sleep(1500);
    const engine = tutti.enginePid;

    await tutti.killHost();
    await sleep(2000);
    expect(alive(engine)).toBe(true);
    await tutti.serve();

    await recorder.succeed(20_000);
    expect(await recorded.verdict).toMatchObject({ ok: true });
    expect(await heard.end(8)).toMatchObject({ ok: true });
    expect(tutti.enginePid).toBe(engine);
    expect(await tutti.receivers()).toMatchObject([{ name: 'Coming', counters: { lost: 0, late: 0 } }]);
    expect(await tutti.senders()).toMatchObject([{ id: sender.id, counters: { skipped: 0 } }]);
  });

  test('audio is back within a second when the engine is killed, and then every sample is right', async () => {
    const recording = lab().file('recording.raw');
    const capture = await Capture.start(lab(), lab().peer, `udp and dst host ${going.address}`);
    const recorder = await record(tutti, place, 's32le', rate, openSync(recording, 'w'));
    await sleep(1500);

    const killed = tutti.killEngine() / 1000;
    await tutti.newEngine();
    await sleep(3000); // audio is back within a second; another one or more of it is judged
    await recorder.stop();
    await capture.stop();

    const packets = await capture.fields('rtp', ['frame.time_epoch', 'rtp.payload'], [5004]);
    const back = packets.find(
      ([time, payload]) => Number(time) > killed + 0.02 && /[1-9a-f]/.test(payload ?? ''),
    );
    expect(Number(back?.[0]) - killed).toBeLessThan(1);
    const gap = longestGap(recording, place.channels);
    expect(gap.frames).toBeLessThan(rate);

    const after = (gap.start + gap.frames + rate / 10) * place.channels * 4;
    const tail = lab().file('tail.raw');
    writeFileSync(tail, readFileSync(recording).subarray(after));
    expect(statSync(tail).size).toBeGreaterThan(rate * place.channels * 4);
    expect(await check(lab(), lab().tutti, signal, 's32le', 1, tail).verdict).toMatchObject({ ok: true });
    expect(player.running).toBe(true);
    const heard = await listenAtPeer();
    await sleep(1500);
    expect(await heard.end(1)).toMatchObject({ ok: true });
  });

  test('an engine that is held up is named as the reason, with the link offset that would do', async () => {
    const [receiver] = await tutti.receivers();
    const examine = async () => (await tutti.cli('doctor', receiver?.id ?? '')).json as readonly CheckInfo[];
    const heldMs = await tutti.holdEngineUp(300);
    const told = await until('the reason', async () =>
      (await examine()).find(({ message }) => / held the engine up for \d+ ms/.test(message)),
    );
    expect(told).toMatchObject({ check: 'connection', result: 'warning' });
    const toldMs = Number(/for (\d+) ms/.exec(told.message)?.[1]);
    expect(toldMs).toBeGreaterThanOrEqual(295);
    expect(toldMs).toBeLessThan(heldMs + 100);
    const advisedMs = Number(/--link-offset (\d+)$/.exec(told.fix ?? '')?.[1]);
    expect(advisedMs).toBeGreaterThanOrEqual(toldMs);
    expect(advisedMs).toBeLessThan(toldMs + 200);
    expect((await tutti.status()).engineHeldUpMs).toBeGreaterThanOrEqual(295);
    const isWell = ({ check: what, result }: CheckInfo) => what === 'connection' && result === 'ok';
    await until('it to be over', async () => (await examine()).some(isWell), 20_000);
  });

  /** GStreamer at the other end; `end` stops it and says whether all it heard was right. */
  async function listenAtPeer() {
    const fromPeer = makePipe(lab().file('from-peer'));
    const receiver = gstreamerReceive(
      lab(),
      lab().peer,
      { ...going, payloadType: sender.payloadType },
      fromPeer.write,
    );
    const { program, verdict } = check(lab(), lab().peer, signal, 's24be', 1, fromPeer.read);
    await joined(lab().peer, going.address);
    const start = performance.now();
    return {
      end: async (minSeconds: number) => {
        expect((performance.now() - start) / 1000).toBeGreaterThan(minSeconds);
        await receiver.stop('SIGINT');
        await program.exited;
        return verdict;
      },
    };
  }
});
