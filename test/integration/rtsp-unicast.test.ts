import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReceiverInfo } from '@tutti/common';
import { record } from '../harness/alsa.ts';
import { repository } from '../harness/lab.ts';
import { makePipe, type Program } from '../harness/process.ts';
import { check, generate, type Signal } from '../harness/signal.ts';
import { Capture } from '../harness/tshark.ts';
import { problemOf, Tutti, type Answer } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

const rate = 48_000;
const signal: Signal = { kind: 'prbs', channels: 2, rate, bits: 24 };
const serverPort = 8554;
/** Of the server's sessions, s. It is patient for five more. */
const timeout = 3;
const place = { first: 1, channels: 2 };
/** One machine's clock drives both ends: placed once by arrival, nothing moves. */
const exact = ['--map', '1-2:1-2', '--timing', 'arrival', '--link-offset', '200'];

describe('streams that GStreamer’s RTSP server sends by unicast', () => {
  const lab = useLab();
  let tutti: Tutti;
  let server: Program;
  let capture: Capture;
  let file = '';
  let receiver: ReceiverInfo;

  const url = (name: string): string => `rtsp://${lab().peer.address}:${serverPort}/${name}`;
  const said = (method: string): number => server.stdout.split('\n').filter((line) => line === method).length;

  async function serve(port = serverPort, ...account: readonly string[]): Promise<Program> {
    const args = [lab().peer.address, String(port), String(timeout), file, ...account];
    const started = lab().start(lab().peer, join(repository, 'test/tools/rtsp_server.py'), args, {
      punctual: true,
    });
    await started.waitFor(/^serving/m, 20_000);
    return started;
  }

  async function info(id = receiver.id): Promise<ReceiverInfo> {
    const found = (await tutti.receivers()).find((each) => each.id === id);
    if (!found) throw new Error('the receiver is gone');
    return found;
  }

  async function hears(seconds: number): Promise<{ readonly ok: boolean; readonly text: string }> {
    const fromDevice = makePipe(lab().file('from-device'));
    const recorded = check(lab(), lab().tutti, signal, 's32le', seconds - 0.5, fromDevice.read);
    await (await record(tutti, place, 's32le', rate, fromDevice.write, seconds)).succeed();
    return await recorded.verdict;
  }

  beforeAll(async () => {
    file = lab().file('sent.raw');
    writeFileSync(file, '');
    const raw = makePipe(lab().file('raw'));
    const copy = lab().start(lab().peer, 'cat', [], { stdin: raw.read, stdout: file });
    generate(lab(), lab().peer, signal, 's24be', 120, raw.write);
    await copy.succeed();
    capture = await Capture.start(lab(), lab().tutti, `tcp port ${serverPort}`);
    server = await serve();
    tutti = await Tutti.start(lab());
  });
  afterAll(() => tutti.stop());

  test('are asked for by the address of a receiver, and arrive bit for bit', async () => {
    receiver = await tutti.ok<ReceiverInfo>('receiver', 'add', '--sdp', url('file'), ...exact);
    expect(receiver).toMatchObject({ url: url('file'), encoding: 'L24', channels: 2 });
    const [leg] = receiver.legs;
    expect(leg).toMatchObject({ address: lab().tutti.address, interface: lab().tutti.address });
    expect((leg?.port ?? 1) % 2).toBe(0);
    await until('packets', async () => ((await info()).counters['packets'] ?? 0) > 500);
    expect(await hears(4)).toMatchObject({ ok: true });
    expect((await info()).problem).toBeUndefined();
  });

  test('go on beyond the timeout of the server’s sessions', async () => {
    const { counters: before } = await info();
    const signs = said('GET_PARAMETER');
    expect(await hears(3 * timeout + 5)).toMatchObject({ ok: true });
    const { counters: after, state } = await info();
    expect(state).toBe('running');
    for (const name of ['lost', 'late', 'ssrcChanges', 'reanchors']) expect(after[name]).toBe(before[name]);
    expect(said('GET_PARAMETER') - signs).toBeGreaterThan(5);
    expect(said('removed')).toBe(0);
    expect(said('SETUP')).toBe(1);
  });

  test('are on a clock of their own if nobody says otherwise, and are resampled', async () => {
    const tone = await tutti.ok<ReceiverInfo>('receiver', 'add', '--sdp', url('tone'), '--map', '1-2:11-12');
    expect(tone.timing).toBe('resample');
    await until(
      'the tone',
      async () => /^-6\.\d dBFS$/.test((await info(tone.id)).health.signal.evidence),
      20_000,
    );
    await tutti.ok('receiver', 'remove', tone.id);
    await until('the end of its session', () => said('TEARDOWN') === 1 && said('removed') === 1);
    expect((await info()).state).toBe('running');
  });

  test('come back by themselves when the server has been away, and it is said what is wrong meanwhile', async () => {
    await server.stop('SIGKILL');
    const problem = await until('that to be said', async () => (await info()).problem);
    expect(problem).toMatchObject({ code: 'unavailable', field: 'url' });
    expect(problem.message).toMatch(/^the stream is not sent to us: /);
    server = await serve();
    await until('the stream', async () => (await info()).state === 'running', 40_000);
    expect(await hears(2)).toMatchObject({ ok: true });
  });

  test('go on when the host dies, and are held by the next one', async () => {
    const setups = said('SETUP');
    await tutti.killHost();
    await sleep(1000);
    await tutti.serve();
    await until('a new session', () => said('SETUP') > setups, 20_000);
    // The server gives the old one up when its time is over; from then on only the new one is heard.
    await until('the old session to end', () => said('removed') === 1, 20_000);
    await until('the stream', async () => (await info()).state === 'running', 20_000);
    expect((await info()).problem).toBeUndefined();
  });

  test.each(['basic', 'digest'])(
    'are given to who knows the password (%s), which nobody is shown',
    async (way) => {
      const port = way === 'basic' ? 8555 : 8556;
      const at = (account: string): string => `rtsp://${account}${lab().peer.address}:${port}/tone`;
      const guarded = await serve(port, way, 'anna', 'geheim@7');
      const add = (account: string): Promise<Answer> =>
        tutti.cli('receiver', 'add', '--sdp', at(account), '--map', '1-2:21-22');
      for (const [account, why] of [
        ['', 'it wants a user and a password'],
        ['anna:falsch@', 'it does not accept this user and password'],
      ] as const)
        expect(problemOf(await add(account)).message).toMatch(new RegExp(`401 Unauthorized; ${why}`));
      // Asked for, no other user sees it in the arguments of the command.
      const password = lab().file('password');
      writeFileSync(password, 'geheim@7\n');
      const { json: added } =
        way === 'basic'
          ? await add('anna:geheim%407@')
          : await tutti.cliGiven(
              password,
              ...['receiver', 'add', '--sdp', at('anna@'), '--ask-password', '--map', '1-2:21-22'],
            );
      expect(added).toMatchObject({ url: at(''), name: expect.any(String) as string });
      const { id } = added as ReceiverInfo;
      await until('packets', async () => ((await info(id)).counters['packets'] ?? 0) > 100);
      // The next host knows it still.
      const asked = () => guarded.stdout.split('\n').filter((line) => line === 'PLAY').length;
      await tutti.killHost();
      await tutti.serve();
      await until('the stream to be asked for', () => asked() > 1, 20_000);
      expect((await info(id)).problem).toBeUndefined();
      const secret = join(tutti.data, 'credentials.json');
      expect(statSync(secret).mode & 0o777).toBe(0o600);
      const files = readdirSync(tutti.data, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile())
        .map((each) => join(each.parentPath, each.name));
      const telling = files.filter((each) => /geheim|falsch/.test(readFileSync(each, 'latin1')));
      expect(telling).toEqual([secret]);
      expect(tutti.output).not.toMatch(/geheim|falsch/);
      await tutti.ok('receiver', 'remove', id);
      await guarded.stop();
    },
  );

  test('are torn down when their receiver goes, and when Tutti ends', async () => {
    const { id } = await tutti.ok<ReceiverInfo>(
      'receiver',
      'add',
      '--sdp',
      url('tone'),
      '--map',
      '1-2:11-12',
    );
    await until('packets', async () => ((await info(id)).counters['packets'] ?? 0) > 100);
    await tutti.ok('receiver', 'remove', receiver.id);
    await until('the end of its session', () => said('TEARDOWN') === 1);
    await tutti.stop();
    await until('the end of the other', () => said('TEARDOWN') === 2);
    await tutti.serve();
  });

  test('Wireshark finds nothing wrong with what was asked', async () => {
    await capture.stop();
    expect(await capture.complaints([], 'rtsp || sdp')).toEqual([]);
    const methods = await capture.fields('rtsp.method', ['rtsp.method']);
    expect(new Set(methods.flat())).toEqual(
      new Set(['DESCRIBE', 'SETUP', 'PLAY', 'GET_PARAMETER', 'TEARDOWN']),
    );
  });
});
