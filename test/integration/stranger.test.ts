import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeItem } from '@tutti/api';
import type { ExtensionInfo } from '@tutti/common';
import { announcedSdp } from '@tutti/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../harness/lab.ts';
import { announce } from '../harness/sap.ts';
import { checkContributes, compile, readScript, snippets, typeCheck } from '../harness/snippets.ts';
import { Stranger } from '../harness/stranger.ts';
import { measureTone } from '../harness/tone.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

const kinds = ['codec', 'discovery', 'clock', 'view', 'diagnosis'] as const;
type Kind = (typeof kinds)[number];

describe('a stranger who has only the packed @tutti/api and @tutti/test', () => {
  const lab = useLab();
  const made = new Map<Kind, Promise<string>>();
  let stranger: Stranger | undefined;
  let tutti: Tutti | undefined;

  beforeAll(async () => {
    [stranger, tutti] = await Promise.all([Stranger.arrive(), Tutti.start(lab())]);
    // Side by side: most of the time they wait.
    for (const kind of kinds) made.set(kind, stranger.make(`my-${kind}`, kind));
    await Promise.allSettled(made.values());
  }, 600_000);
  afterAll(async () => {
    await tutti?.stop();
    stranger?.leave();
  });

  const running = (): Tutti => {
    if (tutti === undefined) throw new Error('Tutti did not start');
    return tutti;
  };
  /** Installs into the running host what the stranger made. */
  const install = async (kind: Kind, ...options: readonly string[]): Promise<ExtensionInfo> =>
    running().ok<ExtensionInfo>('extension', 'install', (await made.get(kind)) ?? '', ...options);

  test('makes a codec, and what GStreamer sends with that encoding is heard', async () => {
    expect(await install('codec')).toMatchObject({ state: 'disabled', reason: 'untrusted' });
    expect(await running().ok('extension', 'trust', 'stranger.my-codec')).toMatchObject({ state: 'active' });
    const sdp = announcedSdp({
      encoding: 'L8',
      name: 'Eight bits',
      legs: [{ address: '239.69.8.8', port: 5004, ttl: 4 }],
    });
    const { peer } = lab();
    const tone = 'audiotestsrc is-live=true freq=997 volume=0.5 samplesperbuffer=48';
    const caps = 'audio/x-raw,format=U8,rate=48000,channels=2,layout=interleaved';
    const payload = 'rtpL8pay pt=98 min-ptime=1000000 max-ptime=1000000';
    const sink = `udpsink host=239.69.8.8 port=5004 multicast-iface=${peer.interface} ttl-mc=4`;
    const line = [tone, caps, payload, sink].join(' ! ').split(' ');
    const sender = lab().start(peer, 'gst-launch-1.0', ['-q', ...line], { punctual: true });
    const receiver = await running().receive(
      sdp,
      '--map',
      '1-2:1-2',
      '--timing',
      'arrival',
      '--link-offset',
      '200',
    );
    await until('packets', async () => {
      const now = (await running().receivers()).find(({ id }) => id === receiver.id);
      return (now?.counters['packets'] ?? 0) > 1_000;
    });
    const file = lab().file('recorded.wav');
    const env = await running().alsaEnvironment();
    const recording = [
      '-q',
      '-D',
      'tutti:0,1',
      '-t',
      'wav',
      '-f',
      'S16_LE',
      '-r',
      '48000',
      '-c',
      '2',
      '-d',
      '2',
      file,
    ];
    await lab().run(lab().tutti, 'arecord', recording, { env, punctual: true });
    const heard = await measureTone(lab(), file, 48_000);
    expect(heard.hertz).toBeCloseTo(997, 0);
    expect(heard.level).toBeCloseTo(0.5, 1);
    expect(heard.restBelowTone).toBeGreaterThan(35); // eight bits: 44 dB below a tone of half scale
    await sender.stop('SIGKILL');
    await running().ok('receiver', 'remove', receiver.id);
    await running().ok('extension', 'uninstall', 'stranger.my-codec');
  });

  test('makes a discovery provider, and a session that only it can find is listed and received', async () => {
    expect(await install('discovery')).toMatchObject({ state: 'active' });
    const { peer } = lab();
    const beacon = lab().file('beacon');
    writeFileSync(beacon, `+${announcedSdp({ id: '4711', name: 'From a beacon' })}`);
    const tool = join(repository, 'test/tools/send-datagram.mjs');
    const found = await until('the session', async () => {
      const input = openSync(beacon, 'r');
      const send = lab().start(peer, process.execPath, [tool, '239.255.99.1', '9901', peer.address, '4'], {
        stdin: input,
      });
      await send.succeed();
      return (await running().sessions()).find(({ name }) => name === 'From a beacon');
    });
    const receiver = await running().ok<{ id: string }>('receiver', 'add', '--session', found.id);
    await running().ok('receiver', 'remove', receiver.id);
    await running().ok('extension', 'uninstall', 'stranger.my-discovery');
    // Remembered, and marked: nobody sees it any more.
    await until('the session to go with its provider', async () => {
      const session = (await running().sessions()).find(({ name }) => name === 'From a beacon');
      return session?.state === 'gone';
    });
  });

  test('makes a clock, and the engine follows it', async () => {
    expect(await install('clock', '--trust-native')).toMatchObject({ state: 'active' });
    await running().ok('clock', 'use', 'my-clock');
    await until('the clock to be locked', async () => {
      const { clock } = await running().status();
      return clock.source === 'my-clock' && clock.state === 'locked';
    });
    await running().ok('clock', 'use', 'system');
    await running().ok('extension', 'uninstall', 'stranger.my-clock');
  });

  test('makes a view, and it shows what is on the network', async () => {
    expect(await install('view')).toMatchObject({ state: 'active' });
    await announce(lab(), lab().peer, announcedSdp({ id: '815', name: 'Seen', channels: 8 }));
    const show = ['view', 'show', 'my-view.formats'] as const;
    const format = await until('the format', async () => {
      const items = await running().ok<readonly TreeItem[]>(...show);
      return items.find(({ label }) => label === 'L24, 48 kHz, 8 channels');
    });
    expect(format.children).toBe('collapsed');
    const below = await running().ok<readonly TreeItem[]>(...show, '--parent', format.id);
    expect(below).toMatchObject([{ label: 'Seen' }]);
    await running().ok('command', 'run', 'my-view.clear');
    expect(await running().ok(...show)).toEqual([]);
    await running().ok('extension', 'uninstall', 'stranger.my-view');
    expect((await running().cli(...show)).code).toBe(4);
  });

  test('makes a diagnosis, and the doctor asks it', async () => {
    expect(await install('diagnosis')).toMatchObject({ state: 'registered' }); // until the doctor asks
    const sdp = announcedSdp({ name: 'Hasty' });
    const { id } = await running().receive(sdp, '--timing', 'arrival', '--link-offset', '1.5');
    const { json } = await running().cli('doctor', id);
    expect(json).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          result: 'warning',
          fix: expect.stringContaining('2 ms or more') as string,
        }),
      ]),
    );
    await running().ok('receiver', 'remove', id);
    await running().ok('extension', 'uninstall', 'stranger.my-diagnosis');
  });

  test('finds every piece of code in the documentation to compile against the packed packages', async () => {
    const folder = (stranger as Stranger).folder;
    const all = snippets();
    expect(
      await typeCheck(
        folder,
        all.filter(({ language }) => language === 'ts'),
      ),
    ).toBe('');
    for (const each of all.filter(({ language }) => language === 'c' || language === 'cpp')) {
      const headers = join(folder, 'node_modules/@tutti/api/include');
      expect(await compile(each, folder, headers), each.place).toBe('');
    }
    for (const each of all.filter(({ language }) => language === 'js')) {
      expect(await readScript(each, folder), each.place).toBe('');
    }
    const json = all.filter(({ language }) => language === 'json');
    const texts = json.filter(({ file }) => file !== undefined);
    for (const each of json.filter(({ file }) => file === undefined)) {
      expect(checkContributes(each, folder, texts)).toBe('');
    }
    expect(new Set(all.map(({ language }) => language))).toEqual(
      new Set(['sh', 'ts', 'js', 'c', 'cpp', 'json']),
    );
  });
});
