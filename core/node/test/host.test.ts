import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceiverInfo, SenderInfo } from '@tutti/common';
import { announcedSdp } from '@tutti/test';
import { startHost, type Host } from '../src/host.ts';
import { readListen } from '../src/web/listen-address.ts';
import { installation } from './support/installation.ts';

let installed: Awaited<ReturnType<typeof installation>>;
let hosts: Host[];

beforeEach(async () => {
  installed = await installation();
  hosts = [];
}, 30_000);
afterEach(async () => {
  for (const host of hosts) await host.stop();
  installed.dispose();
});

async function start(): Promise<Host> {
  const http = { host: '127.0.0.1', port: 0 };
  const host = await startHost({
    root: installed.root,
    data: installed.data,
    interface: 'lo',
    http,
    quiet: true,
    version: '0.1.0',
  });
  hosts.push(host);
  return host;
}

async function api<T>(host: Host, path: string, body?: unknown): Promise<T> {
  const url = new URL(host.url);
  const response = await fetch(`${url.origin}/api/v1${path}`, {
    headers: {
      authorization: `Bearer ${url.searchParams.get('token') ?? ''}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}

describe('a host', () => {
  it('brings everything back after a restart, with the same token', async () => {
    const first = await start();
    await api(first, '/receivers', { sdp: announcedSdp(), map: '1-2:3-4' });
    await api(first, '/senders', { name: 'Mix', channels: '1-8' });
    const before = await api<SenderInfo[]>(first, '/senders');
    await first.stop();
    const second = await start();
    expect(new URL(second.url).searchParams.get('token')).toBe(new URL(first.url).searchParams.get('token'));
    expect(await api<ReceiverInfo[]>(second, '/receivers')).toMatchObject([
      {
        id: 'r1',
        map: [
          [1, 3],
          [2, 4],
        ],
      },
    ]);
    expect((await api<SenderInfo[]>(second, '/senders'))[0]?.legs).toEqual(before[0]?.legs);
  });

  it('leaves the engine running when it is told to, and finds it again', async () => {
    const first = await start();
    await api(first, '/senders', { name: 'Mix', channels: '1' });
    const { engine } = await api<{ engine: { pid: number } }>(first, '/status');
    await first.stop({ keepEngine: true });
    const second = await start();
    expect(await api(second, '/status')).toMatchObject({ engine: { state: 'running', pid: engine.pid } });
  });

  it('runs once on an instance', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ problem: { code: 'conflict' } });
  });

  it('starts from the last good state when the file is damaged, and says so in its log', async () => {
    const first = await start();
    await api(first, '/senders', { name: 'One', channels: '1' });
    await api(first, '/senders', { name: 'Two', channels: '2' });
    await first.stop();
    writeFileSync(join(installed.data, 'state.json'), '{"version":1,');
    const second = await start();
    expect((await api<SenderInfo[]>(second, '/senders'))[0]?.name).toBe('One');
    expect(readFileSync(join(installed.data, 'host.log'), 'utf8')).toContain('state.damaged');
  });

  it('tidies up what tells the command line where it is', async () => {
    const host = await start();
    expect(existsSync(join(installed.data, 'host.json'))).toBe(true);
    await host.stop();
    expect(existsSync(join(installed.data, 'host.json'))).toBe(false);
  });
});

describe('an address to listen on', () => {
  it('is on the loopback', () => {
    expect(readListen('127.0.0.1:0')).toEqual({ host: '127.0.0.1', port: 0 });
    expect(readListen('[::1]:8067')).toEqual({ host: '::1', port: 8067 });
    expect(() => readListen('0.0.0.0:8067')).toThrow('loopback only');
    expect(() => readListen('8067')).toThrow('HOST:PORT');
    expect(() => readListen('127.0.0.1:99999')).toThrow('HOST:PORT');
  });
});
