import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReceiverInfo, SenderInfo, SessionInfo } from '@tutti/common';
import { play, record } from '../harness/alsa.ts';
import { Avahi } from '../harness/avahi.ts';
import { makePipe } from '../harness/process.ts';
import { check, generate, type Signal } from '../harness/signal.ts';
import { Capture } from '../harness/tshark.ts';
import { problemOf, Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

const rate = 48_000;
const signal: Signal = { kind: 'prbs', channels: 2, rate, bits: 24 };

/** One instance through the system's responder, the other by our own. */
describe('two instances that know each other by RAVENNA alone', () => {
  const lab = useLab();
  let avahi: Avahi;
  let here: Tutti;
  let there: Tutti;
  let capture: Capture;
  const senders = new Map<Tutti, SenderInfo>();

  beforeAll(async () => {
    avahi = await Avahi.start(lab(), lab().peer);
    capture = await Capture.start(lab(), lab().tutti, 'udp port 5353 or tcp port 8554');
    // The extension with SAP has the codecs too: it stays, but hears nothing.
    const settings = { 'aes67.sap.listen': [] };
    const environment = avahi.environment;
    here = await Tutti.start(lab(), lab().tutti, { settings });
    there = await Tutti.start(lab(), lab().peer, { settings, environment });
  });
  afterAll(() => Promise.all([here.stop(), there.stop()]));

  test('find each other’s senders within seconds, and avahi-browse finds both', async () => {
    for (const [tutti, name, group] of [
      [here, 'Studio 1.5: main', '239.10.20.1'],
      [there, 'Bühne', '239.10.20.2'],
    ] as const) {
      const options = ['--channels', '1-2', '--dest', `${group}:5004`];
      senders.set(tutti, await tutti.ok<SenderInfo>('sender', 'add', '--name', name, ...options));
    }
    const foreign = await sessionOf(here, 'Bühne');
    expect(foreign.seenBy).toMatchObject([
      { provider: 'ravenna', source: lab().peer.address, interface: 'net0' },
    ]);
    expect(
      (await sessionOf(there, 'Studio 1.5: main')).seenBy.every(({ provider }) => provider === 'ravenna'),
    ).toBe(true);
    const browsed = await avahi.run('avahi-browse', '-prt', '_ravenna_session._sub._rtsp._tcp');
    expect(browsed).toMatch(/^=;net0;IPv4;Studio\\0321\\\.5\\058\\032main;.*;10\.77\.0\.1;8554;"id=s\d+"$/m);
    expect(await avahi.run('avahi-browse', '-prt', '_ravenna._sub._rtsp._tcp')).toMatch(
      /^=;net0;.*10\.77\.0\.1/m,
    );
  });

  test('stream both ways, and not one sample is wrong', async () => {
    for (const [from, to] of [
      [here, there],
      [there, here],
    ] as const) {
      const sender = senders.get(from);
      const session = await sessionOf(to, sender?.name ?? '');
      await to.ok('receiver', 'add', ...['--session', session.id, '--map', '1-2:11-12'], ...alike);
    }
    const verdicts = [];
    for (const [from, to] of [
      [here, there],
      [there, here],
    ] as const) {
      const toDevice = makePipe(lab().file('to-device'));
      generate(lab(), from.at, signal, 's32le', 'endless', toDevice.write);
      const player = await play(from, { first: 1, channels: 2 }, 's32le', rate, toDevice.read);
      await sleep(1000);
      const fromDevice = makePipe(lab().file('from-device'));
      const recorded = check(lab(), to.at, signal, 's32le', 1.5, fromDevice.read);
      await (await record(to, { first: 11, channels: 2 }, 's32le', rate, fromDevice.write, 2)).succeed();
      verdicts.push(await recorded.verdict);
      await player.stop();
    }
    expect(verdicts).toMatchObject([{ ok: true }, { ok: true }]);
  });

  test('a sender that changes is announced to who listens, and one that is removed is gone', async () => {
    const before = await sessionOf(there, 'Studio 1.5: main');
    const old = senders.get(here)?.id ?? '';
    await here.ok('sender', 'remove', old);
    await until('the session to go', async () => (await stateOf(there, before.id)) === 'gone');
  });

  test('an rtsp:// address is as good as a session, and one that leads nowhere says why', async () => {
    const url = `rtsp://${lab().peer.address}:8554/by-name/B%C3%BChne`;
    const added = await here.ok<ReceiverInfo>(
      'receiver',
      'add',
      ...['--sdp', url, '--map', '1-2:21-22'],
      ...alike,
    );
    expect(added.name).toBe('Bühne');
    await until('packets', async () => {
      const receivers = await here.receivers();
      return (receivers.find(({ id }) => id === added.id)?.counters['packets'] ?? 0) > 500;
    });
    // It follows what is behind the address: this server announces changes to who described the session.
    const sender = senders.get(there)?.id ?? '';
    await there.ok('sender', 'set', sender, '--dest', '239.10.20.9:5004');
    await until('the new group', async () => {
      const receivers = await here.receivers();
      return receivers.find(({ id }) => id === added.id)?.legs[0]?.address === '239.10.20.9';
    });
    const refused = await here.cli('receiver', 'add', '--sdp', `${url}-not`);
    expect(problemOf(refused)).toMatchObject({
      code: 'unavailable',
      field: 'url',
      message: expect.stringContaining('404') as string,
    });
    const unknown = await here.cli('receiver', 'add', '--sdp', 'gopher://x/1');
    expect(problemOf(unknown)).toMatchObject({
      code: 'unsupported',
      fix: expect.stringContaining('rtsp://') as string,
    });
  });

  test.each(['ffmpeg', 'GStreamer'])('%s plays a sender of ours from its rtsp:// address', async (player) => {
    const url = `rtsp://${lab().tutti.address}:8554/by-name/Players`;
    const port = player === 'ffmpeg' ? '5010' : '5012';
    const dest = `239.10.20.${player === 'ffmpeg' ? 3 : 4}:${port}`;
    const sender = await here.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Players', '--channels', '1-2', '--dest', dest],
    );
    await sessionOf(there, 'Players');
    const toDevice = makePipe(lab().file('to-device'));
    generate(lab(), here.at, signal, 's32le', 'endless', toDevice.write);
    const source = await play(here, { first: 1, channels: 2 }, 's32le', rate, toDevice.read);
    const heard = lab().file('heard.raw');
    const location = ['!', 'rtpL24depay', '!', 'filesink', `location=${heard}`];
    const program =
      player === 'ffmpeg'
        ? lab().start(lab().peer, 'ffmpeg', [
            '-nostdin',
            '-loglevel',
            'error',
            '-i',
            url,
            '-t',
            '2',
            '-f',
            's24be',
            '-c:a',
            'pcm_s24be',
            heard,
          ])
        : lab().start(lab().peer, 'gst-launch-1.0', [
            '-q',
            'rtspsrc',
            `location=${url}`,
            'protocols=udp-mcast',
            ...location,
          ]);
    await until(
      'audio',
      () => (statSync(heard, { throwIfNoEntry: false })?.size ?? 0) > 1.5 * rate * 6,
      30_000,
    );
    await program.stop('SIGINT');
    const checked = check(lab(), lab().peer, signal, 's24be', 1, heard);
    expect(await checked.verdict).toMatchObject({ ok: true });
    await source.stop();
    await here.ok('sender', 'remove', sender.id);
  });

  test('RAVENNA off and on again leaves a stream that plays untouched, and marks what it knew', async () => {
    const toDevice = makePipe(lab().file('to-device'));
    generate(lab(), there.at, signal, 's32le', 'endless', toDevice.write);
    const player = await play(there, { first: 1, channels: 2 }, 's32le', rate, toDevice.read);
    await sleep(1000);
    const fromDevice = makePipe(lab().file('from-device'));
    const recorded = check(lab(), here.at, signal, 's32le', 7, fromDevice.read);
    const recorder = await record(here, { first: 11, channels: 2 }, 's32le', rate, fromDevice.write, 8);
    const session = await sessionOf(here, 'Bühne');
    await here.ok('extension', 'disable', 'tutti.ravenna');
    expect(await stateOf(here, session.id)).toBe('gone');
    const [listed] = (await here.receivers()).filter(({ map }) => map.some(([, input]) => input === 11));
    expect(listed).toMatchObject({ name: 'Bühne', state: 'running' });
    await here.ok('extension', 'enable', 'tutti.ravenna');
    await until('the session to be back', async () => (await stateOf(here, session.id)) === 'announced');
    await recorder.succeed(20_000);
    expect(await recorded.verdict).toMatchObject({ ok: true });
    await player.stop();
  });

  test('the other’s avahi-daemon may end and come again: both are found all the while', async () => {
    await avahi.stopDaemon();
    const session = await sessionOf(here, 'Bühne');
    await until('our own responder', async () => (await stateOf(here, session.id)) === 'announced');
    await avahi.startDaemon();
    await sleep(3000);
    await until('avahi-daemon’s', async () =>
      (await avahi.run('avahi-browse', '-prt', '_ravenna_session._sub._rtsp._tcp')).includes(
        '10.77.0.2;8554',
      ),
    );
    expect(await stateOf(here, session.id)).toBe('announced');
  });

  test('through mDNSResponder’s API all is the same', async () => {
    const browse = () => avahi.run('avahi-browse', '-prt', '_ravenna_session._sub._rtsp._tcp');
    await there.ok('setting', 'set', 'mdns.responder', 'mdnsresponder');
    await there.logged('multicast DNS through mDNSResponder');
    // Found by it: what changes, what comes, and what goes.
    const options = ['--channels', '1-2', '--dest', '239.10.20.5:5004'];
    const sender = await here.ok<SenderInfo>('sender', 'add', '--name', 'Räume, 2.1', ...options);
    const found = await sessionOf(there, 'Räume, 2.1');
    expect(found.seenBy).toMatchObject([{ source: lab().tutti.address, interface: 'net0' }]);
    await here.ok('sender', 'remove', sender.id);
    await until('it to go', async () => (await stateOf(there, found.id)) === 'gone');
    // Shown by it, with subtype and TXT; another program of the machine has one of the names already.
    const taken = avahi.start('avahi-publish', '-s', 'Küche', '_rtsp._tcp', '9999');
    await taken.waitFor(/Established/);
    await there.ok('sender', 'add', '--name', 'Küche', '--channels', '3-4', '--dest', '239.10.20.6:5004');
    await until('the other name', async () =>
      /^=;net0;IPv4;K\\195\\188che\\032\\0402\\041;.*;8554;"id=s\d+"$/m.test(await browse()),
    );
    expect(await browse()).toMatch(/^=;net0;IPv4;B\\195\\188hne;.*;8554;"id=s\d+"$/m);
    await taken.stop();
    // Avahi's library crashes whoever uses it when avahi-daemon ends (0.8); macOS's is another one.
    await there.ok('setting', 'set', 'mdns.responder', 'auto');
    await there.logged('multicast DNS through avahi-daemon', 3);
  });

  test('Wireshark finds nothing wrong with what they said', async () => {
    await capture.stop();
    const complaints = await capture.complaints([], 'mdns || rtsp || sdp');
    // Multicast DNS has number 0 throughout: Wireshark takes what is asked and said again for retransmissions.
    expect(complaints.filter((each) => !/DNS (query|response) retransmission/.test(each))).toEqual([]);
    const rtsp = await capture.fields('rtsp.method', ['rtsp.method']);
    expect(rtsp.flat()).toEqual(expect.arrayContaining(['DESCRIBE', 'PLAY']));
    const answers = await capture.fields('mdns && dns.flags.response == 1 && ip.src == 10.77.0.1', [
      'ip.ttl',
    ]);
    expect(new Set(answers.flat())).toEqual(new Set(['255']));
    // The other one's responder is set to IPv4: over IPv6 only ours speaks.
    const over6 = await capture.fields('mdns && ipv6.dst == ff02::fb && dns.resp.name contains "Studio"', [
      'ipv6.hlim',
      'ipv6.src',
    ]);
    expect(over6.length).toBeGreaterThan(0);
    expect(over6.every(([hops, source]) => hops === '255' && source?.startsWith('fe80:'))).toBe(true);
    // Where an address goes, the word that there is none of IPv6 goes along (RFC 6762 section 6.2).
    const types = await capture.fields('mdns && dns.nsec.next_domain_name && ip.src == 10.77.0.1', [
      'dns.nsec.next_domain_name',
    ]);
    expect(types.flat().some((name) => name.endsWith('.local'))).toBe(true);
  });
});

/** Both run on one machine's clock; long enough for threads that are held up. */
const alike = ['--timing', 'shared', '--link-offset', '200'];

async function sessionOf(tutti: Tutti, name: string): Promise<SessionInfo> {
  return until(
    `session ${name}`,
    async () => (await tutti.sessions()).find((each) => each.name === name && each.state === 'announced'),
    20_000,
  );
}

async function stateOf(tutti: Tutti, id: string): Promise<string | undefined> {
  return (await tutti.sessions()).find((each) => each.id === id)?.state;
}
