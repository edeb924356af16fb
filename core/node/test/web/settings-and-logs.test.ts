import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventList, EventsMessage, SettingsInfo, StateMessage } from '@tutti/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { writePackage } from '../../src/extensions/package-file.ts';
import { startHost, type Host } from '../../src/host.ts';
import { installation } from '../support/installation.ts';
import { until } from '../support/until.ts';

let installed: Awaited<ReturnType<typeof installation>>;
let host: Host;
let base: URL;
let authorization: string;

beforeAll(async () => {
  installed = await installation();
  const http = { host: '127.0.0.1', port: 0 };
  const { root, data } = installed;
  host = await startHost({ root, data, interface: 'lo', http, quiet: true, version: '0.1.0' });
  base = new URL(host.url);
  authorization = `Bearer ${base.searchParams.get('token') ?? ''}`;
}, 30_000);
afterAll(async () => {
  await host.stop();
  installed.dispose();
});

function ask(path: string, method = 'GET', type = '', body?: string | Uint8Array<ArrayBuffer>, more = {}) {
  const headers = { authorization, ...(type !== '' && { 'content-type': type }), ...more };
  return fetch(new URL(`/api/v1${path}`, base), { method, headers, ...(body !== undefined && { body }) });
}
const patch = (change: unknown) => ask('/settings', 'PATCH', 'application/json', JSON.stringify(change));
const settings = async (): Promise<SettingsInfo> => (await (await ask('/settings')).json()) as SettingsInfo;
const setting = async (key: string) => (await settings()).settings.find((each) => each.key === key);

describe('settings over the host API', () => {
  it('are listed with their schemas, changed and reset', async () => {
    expect(await setting('senders.ttl')).toMatchObject({ value: 32, isSet: false, source: 'tutti' });
    expect((await patch({ 'senders.ttl': 8, 'senders.dscp': 46 })).status).toBe(200);
    expect(await setting('senders.ttl')).toMatchObject({ value: 8, isSet: true });
    expect((await patch({ 'senders.ttl': null })).status).toBe(200);
    expect(await setting('senders.ttl')).toMatchObject({ value: 32, isSet: false });
    expect(await setting('senders.dscp')).toMatchObject({ value: 46, isSet: true });
  });

  it('are changed all or none, with the key at fault named', async () => {
    const refused = await patch({ 'senders.payloadType': 100, 'senders.ttl': 999 });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'invalid', field: 'senders.ttl' });
    expect(await setting('senders.payloadType')).toMatchObject({ value: 97, isSet: false });
    expect((await patch({ 'no.such': 1 })).status).toBe(404);
  });

  it('are a file that is replaced only if it is the one that was read', async () => {
    const read = await ask('/settings/file');
    const tag = read.headers.get('etag') ?? '';
    const put = (text: string, match: string) =>
      ask('/settings/file', 'PUT', 'text/plain', text, { 'if-match': match });
    const text = '{\n  // ours\n  "senders.ttl": 5,\n}\n';
    expect((await put(text, tag)).status).toBe(200);
    expect(readFileSync(join(installed.data, 'settings.json'), 'utf8')).toBe(text);
    expect(await setting('senders.ttl')).toMatchObject({ value: 5 });
    expect((await put('{}', tag)).status).toBe(409);
    const now = (await ask('/settings/file')).headers.get('etag') ?? '';
    for (const [wrong, message] of [
      ['{\n  "senders.ttl" 5 }', 'line 2, column 17'],
      ['[]', 'the settings are an object'],
      ['{ "senders.ttl": 0 }', 'setting senders.ttl'],
    ] as const) {
      const answer = await put(wrong, now);
      expect(answer.status).toBe(400);
      expect(((await answer.json()) as { message: string }).message).toContain(message);
    }
    expect(readFileSync(join(installed.data, 'settings.json'), 'utf8')).toBe(text);
  });
});

describe('events over the host API', () => {
  it('are numbered without gaps and can be asked for from any number on', async () => {
    const all = (await (await ask('/events')).json()) as EventList;
    expect(all.events.map(({ sequence }) => sequence)).toEqual(all.events.map((_, i) => i + 1));
    expect(all.events.map(({ code }) => code)).toContain('host.ready');
    const later = (await (await ask('/events?after=2')).json()) as EventList;
    expect(later.run).toBe(all.run);
    expect(later.events[0]?.sequence).toBe(3);
    expect((await ask('/events?after=x')).status).toBe(400);
  });

  it('reach a page over the WebSocket as they happen', async () => {
    const socket = new WebSocket(`ws://${base.host}/api/v1/ws`, { headers: { authorization } });
    const messages: EventsMessage[] = [];
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as EventsMessage | StateMessage;
      if (message.kind === 'events') messages.push(message);
    });
    await new Promise((done) => socket.once('open', done));
    await ask('/extensions/test.codecs/disable', 'POST', 'application/json', '{"force":true}');
    const codes = () => messages.flatMap(({ events }) => events.map(({ code }) => code));
    await until('the event reached the page', () => codes().includes('extension.out'));
    socket.close();
  });

  it('stand beside the engine’s own log', async () => {
    const log = await ask('/logs/engine');
    expect(log.status).toBe(200);
    expect(log.headers.get('content-type')).toContain('text/plain');
  });
});

describe('a package that is uploaded', () => {
  const upload = (bytes: Uint8Array<ArrayBuffer>) =>
    ask('/extensions/upload', 'POST', 'application/octet-stream', bytes);

  it('is installed, and shown to every page', async () => {
    const manifest = { publisher: 'acme', name: 'dropped', version: '1.0.0', engines: { tutti: '*' } };
    const files = { 'package.json': new TextEncoder().encode(JSON.stringify(manifest)) };
    const answer = await upload(new Uint8Array(writePackage(files)));
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ id: 'acme.dropped', origin: 'installed' });
  });

  it('is refused with a reason when it is none', async () => {
    expect((await upload(new Uint8Array([1, 2, 3]))).status).toBe(400);
    expect((await ask('/extensions/upload', 'POST', 'application/json', '{}')).status).toBe(400);
  });
});
