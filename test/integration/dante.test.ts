import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckInfo, SenderInfo } from '@tutti/common';
import { gstreamerSend } from '../harness/gstreamer.ts';
import { repository } from '../harness/lab.ts';
import { ip } from '../harness/namespaces.ts';
import { makePipe, type Program } from '../harness/process.ts';
import { announce } from '../harness/sap.ts';
import { generate } from '../harness/signal.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { Capture } from '../harness/tshark.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

const simulator = join(repository, 'extensions/dante-compat/test/simulated/main.ts');
const boxes = ['stage-1', 'stage-2', 'stage-3', 'stage-4'] as const;
const addressOf = (name: string): string => `10.77.0.1${name.at(-1) ?? ''}`;
/** Seconds that DNS-SD records of the last two boxes live: they go without a word. */
const shortLife = 6;

/** What `dante-compat.devices` answers, as far as it is looked at. */
interface Device {
  readonly name: string;
  readonly state: string;
  readonly addresses: readonly string[];
  readonly settings: { readonly product?: string };
  readonly reading?: {
    readonly transmit: readonly { readonly label: string }[];
    readonly receive: readonly { readonly label: string; readonly from?: object; readonly status: object }[];
    readonly properties?: { readonly aes67Prefix?: string };
  };
}

// Devices that are simulated after what real ones were seen to send: see extensions/dante-compat/test/simulated.
describe('four Dante devices of 64 channels', () => {
  const lab = useLab();
  let tutti: Tutti;
  let capture: Capture;
  let staying: Program;
  let vanishing: Program;
  let appeared = 0;

  const devices = async (): Promise<readonly Device[]> => tutti.ok('command', 'run', 'dante-compat.devices');
  const run = <T>(command: string, args: object): Promise<T> =>
    tutti.ok<T>('command', 'run', `dante-compat.${command}`, JSON.stringify(args));
  /** When the host logged a code about a device, in ms since 1970. */
  const logged = (code: string, name: string): number | undefined => {
    const lines = readFileSync(join(tutti.data, 'host.log'), 'utf8').split('\n');
    const line = lines.findLast((each) => each.includes(code) && each.includes(name));
    return line === undefined ? undefined : Date.parse((JSON.parse(line) as { time: string }).time);
  };
  const simulate = async (ttl: number, names: readonly string[]): Promise<Program> => {
    const which = names.map((name) => `${name}=${addressOf(name)}`);
    const args = ['--import', 'tsx', simulator, lab().peer.address, String(ttl), ...which];
    const program = lab().start(lab().peer, process.execPath, args, { cwd: repository });
    await program.waitFor(/^ready/m, 60_000);
    return program;
  };

  beforeAll(async () => {
    for (const name of boxes) {
      ip('-n', lab().peer.namespace, 'address', 'add', `${addressOf(name)}/24`, 'dev', lab().peer.interface);
    }
    tutti = await Tutti.start(lab());
    capture = await Capture.start(lab(), lab().peer, 'udp port 5353');
    staying = await simulate(120, boxes.slice(0, 2));
    vanishing = await simulate(shortLife, boxes.slice(2));
    appeared = Date.now();
  });
  afterAll(() => tutti.stop());

  test('appear within five seconds with all that they tell', async () => {
    await until('all four', () => boxes.every((name) => logged('dante.device-read', name)), 30_000);
    for (const name of boxes)
      expect((logged('dante.device-read', name) ?? Infinity) - appeared).toBeLessThan(5000);
    const found = await devices();
    expect(found.map(({ name, state, addresses }) => [name, state, addresses])).toEqual(
      boxes.map((name) => [name, 'present', [addressOf(name)]]),
    );
    for (const { name, reading, settings } of found) {
      expect(settings.product).toBe('Stage Box 64');
      expect(reading?.properties?.aes67Prefix).toBe('239.70.0.0');
      expect(reading?.transmit.map(({ label }) => label)).toEqual(
        Array.from({ length: 64 }, (_, i) => `${name} mic ${i + 1}`),
      );
    }
    const [first] = found;
    const next = 'stage-2';
    expect(first?.reading?.receive).toHaveLength(64);
    first?.reading?.receive.forEach(({ label, from, status }, i) => {
      expect(label).toBe(`out ${i + 1}`);
      expect(from).toEqual(i % 2 === 0 ? { channel: `${next} mic ${i + 1}`, device: next } : undefined);
      expect(status).toMatchObject({ state: i % 2 === 0 ? 'receiving' : 'none' });
    });
  });

  test('are a tree in the workbench and on the command line', async () => {
    const tree = JSON.stringify(await tutti.ok('view', 'show', 'dante-compat.devices'));
    for (const name of boxes) expect(tree).toContain(name);
  });

  test('give their channels their names in sessions that they send', async () => {
    const stream: Stream = {
      ...{ encoding: 'L24', rate: 48_000, channels: 2, frames: 48 },
      ...{ address: '239.70.3.1', port: 5004, payloadType: 97 },
    };
    const plain = foreignSdp(stream, addressOf('stage-1'), 'stage-1 : 32');
    await announce(lab(), lab().peer, plain.replace('a=rtpmap', 'i=2 channels: 03, 04\r\na=rtpmap'));
    const session = await until('the names', async () => {
      const found = (await tutti.sessions()).find(({ name }) => name === 'stage-1 : 32');
      return found?.description.streams[0]?.channelLabels[0]?.startsWith('stage-1') ? found : undefined;
    });
    expect(session.description.streams[0]?.channelLabels).toEqual(['stage-1 mic 3', 'stage-1 mic 4']);
    expect(session.description.information).toBe('Dante device stage-1 (Somebody Stage Box 64)');
  });

  test('would not hear a sender in another network, and would after it was fixed', async () => {
    const { id } = await tutti.ok<SenderInfo>(
      'sender',
      'add',
      '--name',
      'Mix',
      '--channels',
      '1-2',
      '--ptime',
      '4',
    );
    const before = await until('the finding', async () => {
      const answer = await tutti.cli(
        'command',
        'run',
        'dante-compat.checkSender',
        JSON.stringify({ senderId: id }),
      );
      return answer.code === 0 ? (answer.json as { findings: { code: string }[] }) : undefined;
    });
    // No PTP runs in this lab, so that the clock is a finding, too, which no change of the sender can mend.
    expect(before.findings.map(({ code }) => code)).toEqual(['prefix', 'packet-time', 'clock']);
    const [sender] = await tutti.senders();
    const origin = /^o=- (\d+) (\d+) /m;
    const [, session, version] = origin.exec(sender ? await tutti.sdpOf(sender) : '') ?? [];
    const doubt = (await tutti.ok<CheckInfo[]>('doctor')).find(({ message }) =>
      message.includes('239.70.0.0'),
    );
    expect(doubt).toMatchObject({ result: 'warning' });
    expect(await run('fixSender', { senderId: id })).toMatchObject({
      changed: { dest: '239.70.0.0/16', ptime: 1 },
      left: [{ code: 'clock' }],
    });
    const fixed = await until('the new description', async () => {
      const [now] = await tutti.senders();
      const sdp = now ? await tutti.sdpOf(now) : '';
      return /c=IN IP4 239\.70\./.test(sdp) ? sdp : undefined;
    });
    const [, sameSession, newVersion] = origin.exec(fixed) ?? [];
    expect(sameSession).toBe(session);
    expect(Number(newVersion)).toBeGreaterThan(Number(version));
    expect(fixed).toMatch(/a=ptime:1\r/);
  });

  test('are not changed unless that is allowed and confirmed', async () => {
    const wanted = { device: 'stage-1', channel: 2, fromChannel: '01', fromDevice: 'elsewhere' };
    const subscribe = (more = {}) =>
      tutti.cli('command', 'run', 'dante-compat.subscribe', JSON.stringify({ ...wanted, ...more }));
    expect((await subscribe({ confirm: true })).stderr).toContain('not allowed');
    allowSubscribing(tutti);
    await until('that to be heard', async () => !(await subscribe()).stderr.includes('not allowed'));
    expect((await subscribe()).stderr).toContain(
      'out 2@stage-1 receives nothing and would receive 01@elsewhere',
    );
    const [untouched] = await devices();
    expect(untouched?.reading?.receive[1]).not.toHaveProperty('from');
    const changed = await subscribe({ confirm: true });
    expect(changed.json).toMatchObject({
      from: { channel: '01', device: 'elsewhere' },
      status: { state: 'pending', text: 'its transmitter is not found' },
    });
  });

  test('can be forgotten and found again while a stream plays on', async () => {
    const stream: Stream = {
      ...{ encoding: 'L24', rate: 48_000, channels: 2, frames: 48 },
      ...{ address: '239.70.3.2', port: 5004, payloadType: 97 },
    };
    const audio = makePipe(lab().file('audio'));
    generate(
      lab(),
      lab().peer,
      { kind: 'prbs', channels: 2, rate: 48_000, bits: 24 },
      's24be',
      'endless',
      audio.write,
    );
    gstreamerSend(lab(), lab().peer, stream, audio.read);
    await tutti.receive(
      foreignSdp(stream, lab().peer.address, 'Plays on', 7),
      ...['--link-offset', '200', '--timing', 'arrival'],
    );
    const packets = async (): Promise<number> => (await tutti.receivers())[0]?.counters['packets'] ?? 0;
    await until('packets', async () => (await packets()) > 100);
    const start = await packets();
    await tutti.ok('extension', 'disable', 'tutti.dante-compat', '--force');
    expect((await tutti.cli('command', 'run', 'dante-compat.devices')).code).toBe(4);
    const known = (await tutti.sessions()).find(({ name }) => name === 'stage-1 : 32');
    expect(known?.description.streams[0]?.channelLabels[0]).toBe('stage-1 mic 3');
    await tutti.ok('extension', 'enable', 'tutti.dante-compat');
    await until('the devices again', async () => {
      const answer = await tutti.cli('command', 'run', 'dante-compat.devices');
      const there = ({ reading, state }: Device): boolean => reading !== undefined && state === 'present';
      return answer.code === 0 && (answer.json as Device[]).filter(there).length === 4;
    });
    expect(await packets()).toBeGreaterThan(start + 1000);
    expect((await tutti.receivers())[0]?.counters).toMatchObject({ lost: 0, late: 0 });
  });

  test('are gone at their goodbye, and without one when their records have expired', async () => {
    const left = Date.now();
    await staying.stop('SIGTERM');
    await until('two to be gone', () =>
      boxes.slice(0, 2).every((name) => (logged('dante.device-gone', name) ?? 0) > left),
    );
    const killed = Date.now();
    await vanishing.stop('SIGKILL');
    const soon = (shortLife + 5) * 1000;
    await until(
      'all to be gone',
      () => boxes.slice(2).every((name) => (logged('dante.device-gone', name) ?? 0) > killed),
      soon,
    );
    await sleep(200);
    const areGone = async (): Promise<void> => {
      const gone = await devices();
      expect(gone.map(({ state }) => state)).toEqual(['gone', 'gone', 'gone', 'gone']);
      expect(gone[0]?.reading?.transmit[0]?.label).toBe('stage-1 mic 1');
    };
    await areGone();
    // The next host knows of them, though nobody tells it.
    await tutti.killHost();
    await tutti.serve();
    await areGone();
  });

  test('speak DNS-SD in which Wireshark finds nothing wrong', async () => {
    await capture.stop();
    const remarks = await capture.fields('mdns && (_ws.malformed || _ws.expert)', [
      'frame.number',
      '_ws.expert.message',
    ]);
    // Who asks again as records grow old (RFC 6762 section 5.2) does what he should.
    const askedAgain = /^DNS (query|response) retransmission/;
    expect(remarks.filter(([, message = '']) => !askedAgain.test(message))).toEqual([]);
    const answers = await capture.fields('mdns && dns.flags.response == 1', [
      'dns.srv.port',
      'dns.ptr.domain_name',
    ]);
    expect(answers.flat().join(' ')).toContain('stage-1._netaudio-arc._udp.local');
  });
});

/** People's settings are a file; the host reads it when it changes. */
function allowSubscribing(tutti: Tutti): void {
  writeFileSync(join(tutti.data, 'settings.json'), '{ "dante-compat.allowSubscribing": true }\n');
}
