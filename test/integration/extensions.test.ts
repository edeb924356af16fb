import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExtensionInfo } from '@tutti/common';
import { record } from '../harness/alsa.ts';
import { gstreamerSend } from '../harness/gstreamer.ts';
import { repository } from '../harness/lab.ts';
import { makePipe } from '../harness/process.ts';
import { check, generate, type Signal } from '../harness/signal.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { writeExtension, type ForeignExtension } from '../harness/foreign-extension.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep, until } from '../harness/wait.ts';

const rate = 48_000;
const signal: Signal = { kind: 'prbs', channels: 8, rate, bits: 24 };
const stream: Stream = {
  ...{ encoding: 'L24', rate, channels: 8, frames: 48, port: 5004, payloadType: 98 },
  address: '239.10.9.1',
};
const rounds = 100;

/** Looks for sessions with sockets of its own and repairs descriptions, as RAVENNA's does. */
const ravennaLike: ForeignExtension = {
  name: 'ravenna-like',
  activate: `
    const { createSocket } = await import('node:dgram');
    api.discovery.registerProvider({ id: 'ravenna-like', async start() {
      const socket = createSocket({ type: 'udp4', reuseAddr: true });
      await new Promise((resolve) => socket.bind(9321, resolve));
      return { dispose: () => socket.close() };
    } });
    api.hooks.sessionParsed(async (session) => session);
    api.hooks.sdpWillPublish(async (sdp) => sdp);
    api.network.onDidChangeInterfaces(() => undefined);
    api.commands.registerCommand('ravenna-like.describe', () => 'described');`,
  manifest: {
    contributes: {
      discovery: [{ id: 'ravenna-like', label: 'Like RAVENNA' }],
      commands: [{ command: 'ravenna-like.describe', title: 'Describe' }],
    },
  },
};
/** Brings a codec into the engine, as DoP's does. */
const dopLike: ForeignExtension = { name: 'dop-like', activate: '', codec: { encoding: 'DOPX' } };

const bad: readonly (ForeignExtension & { readonly reason: string })[] = [
  { name: 'hanging', activate: 'setTimeout(() => { for (;;); }, 100);', reason: 'unresponsive' },
  {
    name: 'crashing',
    activate: 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 100);',
    reason: 'crashed',
  },
  {
    name: 'eating', // in bites: where new memory is slow to come, a big one alone is seconds without an answer
    activate: 'const all = []; setInterval(() => all.push(Buffer.alloc(8 * 1024 * 1024, 1)), 1);',
    reason: 'crashed',
  },
  { name: 'lying', codec: { encoding: 'LIEX', abi: 2, claimedAbi: 1 }, reason: 'abi' },
  { name: 'wrong-abi', codec: { encoding: 'OLDX', abi: 2 }, reason: 'abi' },
  { name: 'cycle-a', manifest: { extensionDependencies: ['stranger.cycle-b'] }, reason: 'dependencyCycle' },
  { name: 'cycle-b', manifest: { extensionDependencies: ['stranger.cycle-a'] }, reason: 'dependencyCycle' },
];

describe('while eight channels play', () => {
  const lab = useLab();
  let tutti: Tutti;

  beforeAll(async () => {
    tutti = await Tutti.start(lab());
    const toPeer = makePipe(lab().file('to-peer'));
    generate(lab(), lab().peer, signal, 's24be', 'endless', toPeer.write);
    gstreamerSend(lab(), lab().peer, stream, toPeer.read);
    const sdp = foreignSdp(stream, lab().peer.address, 'Playing');
    await tutti.receive(sdp, '--map', '1-8:1-8', '--link-offset', '200', '--timing', 'arrival');
    await until('packets', async () => ((await tutti.receivers())[0]?.counters['packets'] ?? 0) > 1000);
  });
  afterAll(() => tutti.stop());

  test('extensions come and go a hundred times and bad ones fail: no sample is wrong, nothing is left', async () => {
    for (const each of [ravennaLike, dopLike]) await install(each);
    const toggled = [...(await playingNoPart()), 'stranger.ravenna-like', 'stranger.dop-like'];
    await toggle(1, toggled);
    const before = await atRest();

    const fromDevice = makePipe(lab().file('from-device'));
    const checked = check(lab(), lab().tutti, signal, 's32le', 5, fromDevice.read);
    const recorder = await record(tutti, { first: 1, channels: 8 }, 's32le', rate, fromDevice.write);
    await Promise.all([toggle(rounds, toggled), failAsExpected()]);
    await recorder.stop('SIGINT');
    const { ok, text } = await checked.verdict;
    expect(ok, text).toBe(true);
    await settled(before);
  }, 300_000);

  test('native code that crashes the engine is found, and the audio comes back without it', async () => {
    const before = tutti.enginePid;
    await install({ name: 'fatal', codec: { encoding: 'FATALX', crashes: true } });
    await tutti.cli('sender', 'add', '--name', 'Fatal', '--channels', '1-2', '--format', 'FATALX');
    const info = await until('the quarantine', async () => {
      const found = await extension('stranger.fatal');
      return found.state === 'quarantined' && found;
    });
    expect(info).toMatchObject({
      reason: 'crashed',
      problem: { message: expect.stringContaining('codec.so) crashed the engine with signal 11') as string },
    });
    expect(await tutti.newEngine()).not.toBe(before);
    await until('the stream', async () => (await tutti.receivers())[0]?.state === 'running');
    for (const { id } of await tutti.senders()) await tutti.ok('sender', 'remove', id);
    await tutti.ok('extension', 'uninstall', 'stranger.fatal');
  }, 60_000);

  const install = (each: ForeignExtension): Promise<unknown> =>
    tutti.ok('extension', 'install', writeExtension(lab(), each), '--trust-native');

  async function extension(id: string): Promise<ExtensionInfo> {
    const found = (await tutti.ok<ExtensionInfo[]>('extension', 'list')).find((each) => each.id === id);
    if (!found) throw new Error(`${id} is not there`);
    return found;
  }

  /** What we ship and what has nothing to do with an AES67 stream. */
  async function playingNoPart(): Promise<string[]> {
    const all = await tutti.ok<ExtensionInfo[]>('extension', 'list');
    const others = all.filter(({ id, origin }) => origin === 'builtIn' && id !== 'tutti.aes67');
    return others.filter(({ state }) => state === 'active').map(({ id }) => id);
  }

  async function toggle(times: number, ids: readonly string[]): Promise<void> {
    const tool = join(repository, 'test/tools/extension-rounds.mjs');
    await lab()
      .start(tutti.at, process.execPath, [tool, tutti.url, `${times}`, ...ids])
      .succeed(200_000);
  }

  /** Each bad one is installed, found out with the reason it deserves, and removed. */
  async function failAsExpected(): Promise<void> {
    for (const each of bad) await install(each);
    await Promise.all(
      bad.map(({ name, reason }) =>
        until(
          `${name} to be ${reason}`,
          async () => (await extension(`stranger.${name}`)).reason === reason,
          120_000,
          1000,
        ),
      ),
    );
    for (const { name } of bad) await tutti.ok('extension', 'uninstall', `stranger.${name}`);
  }

  /** Processes of the host, and what host and engine have open. */
  function usage(): object {
    const parentOf = (pid: string): number =>
      Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]);
    const children = readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && parentOf(pid) === tutti.hostPid,
    );
    return {
      processes: children.length,
      host: openFiles(tutti.hostPid),
      engine: openFiles(tutti.enginePid),
    };
  }

  /** What is in use once nothing has changed for a second: the next process of extensions is made ready a moment after the last was taken. */
  async function atRest(): Promise<object> {
    let last = usage();
    for (let since = performance.now(); performance.now() - since < 1000; await sleep(100)) {
      const now = usage();
      if (JSON.stringify(now) !== JSON.stringify(last)) since = performance.now();
      last = now;
    }
    return last;
  }

  async function settled(before: object): Promise<void> {
    const end = performance.now() + 20_000;
    while (JSON.stringify(usage()) !== JSON.stringify(before) && performance.now() < end) await sleep(200);
    expect(usage()).toEqual(before);
  }
});

/** Files and sockets by kind: numbers of sockets differ, how many there are must not. */
function openFiles(pid: number): object {
  const names = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).replace(/\[\d+\]/, '');
    } catch {
      return 'closed meanwhile';
    }
  });
  return Object.fromEntries(
    [...new Set(names)].sort().map((name) => [name, names.filter((each) => each === name).length]),
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
