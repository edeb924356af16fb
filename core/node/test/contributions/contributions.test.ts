import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContributionMessage, ContributionsInfo } from '@tutti/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startHost, type Host } from '../../src/host.ts';
import { announcedSdp } from '@tutti/test';
import { installation } from '../support/installation.ts';
import { until } from '../support/until.ts';

/** An extension that contributes one of everything. */
const everything = `
  const changed = new Set();
  const onDidChange = (listener) => { changed.add(listener); return { dispose: () => changed.delete(listener) }; };
  let aborted = 'no';
  api.commands.registerCommand('all.add', ({ a, b }) => ({ sum: a + b }));
  api.commands.registerCommand('all.throw', () => { throw Object.assign(new Error('not so'), { code: 'conflict', field: 'a', fix: 'do not' }); });
  api.commands.registerCommand('all.wait', (_args, { signal }) => new Promise((resolve) => {
    signal.addEventListener('abort', () => { aborted = 'yes'; resolve(); });
  }));
  api.commands.registerCommand('all.aborted', () => aborted);
  api.commands.registerCommand('all.huge', () => 'x'.repeat(2_000_000));
  api.commands.registerCommand('all.other', () => api.commands.executeCommand('all.add', { a: 20, b: 22 }));
  api.commands.registerCommand('all.unknown', () => api.commands.executeCommand('nobody.has'));
  api.commands.registerCommand('all.undeclared', () => 1);
  api.commands.registerCommand('all.change', () => { for (const listener of changed) listener(['top']); web.post({ hello: 1 }); status.update({ text: 'changed' }); });
  api.views.registerTree('all.tree', { onDidChange, async children(parent) {
    if (parent === 'bad') return [{ id: 7 }];
    return parent === undefined ? [{ id: 'top', label: 'Top', children: 'collapsed', context: { kind: 'folder' } }] : [{ id: parent + '.1', label: 'Leaf' }];
  } });
  api.views.registerTable('all.table', { async rows({ offset, limit }) {
    return { total: 500, rows: Array.from({ length: limit }, (_, i) => ({ id: String(offset + i), cells: { name: 'row ' + (offset + i), n: offset + i } })) };
  } });
  const web = api.views.registerWebView('all.web', { onMessage: (message) => ({ echo: message }) });
  const status = api.statusItems.createItem('all.status');
  status.update({ text: 'fine', severity: 'warning' });
  api.diagnosis.registerCheck({ id: 'all.machine', async check({ kind }) { return { result: 'warning', message: 'looked at the ' + kind, fix: 'look away' }; } });
  api.diagnosis.registerCheck({ id: 'all.receiver', async check({ receiver }) { return { result: 'ok', message: receiver.name }; } });
  api.diagnosis.registerCheck({ id: 'all.broken', async check() { throw new Error('no idea'); } });
  api.hal.registerDriver({ id: 'all.hal', async start(device) { api.log.info('test.hal', device.path); if (device.name === 'bad') throw new Error('cannot'); return { dispose() {} }; } });
  api.hooks.receiverWillStart(async (receiver) => ({ ...receiver, linkOffsetMs: 7, name: 'not taken over' }));
  api.hooks.senderWillStart(async (sender) => ({ dscp: 46, ttl: 999 }));
  api.hooks.senderWillStart(async (sender) => ({ ...sender, dscp: 48 }));
`;
const command = (id: string): object => ({ command: id, title: `%${id}%` });
const ids = ['add', 'throw', 'wait', 'aborted', 'huge', 'other', 'unknown', 'change', 'missing'].map(
  (each) => `all.${each}`,
);

let installed: Awaited<ReturnType<typeof installation>>;
let host: Host;
let base: URL;
let headers: Record<string, string>;

/** Is told of the end, and takes its time. */
const goodbye = `api.hooks.shutdown(async () => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  api.log.info('goodbye', 'said goodbye');
});`;

beforeAll(async () => {
  installed = await installation([
    { name: 'goodbye', activate: goodbye, manifest: { contributes: { hooks: ['shutdown'] } } },
    {
      name: 'all',
      activate: everything,
      manifest: {
        contributes: {
          commands: ids.map(command),
          menus: { 'sessions/item': [{ command: 'all.add', when: "session.state == 'gone'" }] },
          keybindings: [{ command: 'all.add', key: 'mod+shift+a' }],
          views: {
            streams: [{ id: 'all.tree', name: 'Tree', type: 'tree' }],
            panel: [
              { id: 'all.table', name: 'Table', type: 'table', columns: [{ id: 'name', label: 'Name' }] },
              { id: 'all.web', name: 'Web', type: 'web', entry: './page/index.html' },
            ],
          },
          statusItems: [{ id: 'all.status', label: 'All' }],
          diagnosis: [
            { id: 'all.machine', label: 'Machine', subject: 'machine' },
            { id: 'all.broken', label: 'Broken', subject: 'machine' },
            { id: 'all.receiver', label: 'Receiver', subject: 'receiver' },
          ],
          hal: [{ id: 'all.hal', label: 'Driver' }],
          configuration: {
            'all.depth': { type: 'integer', minimum: 1, default: 3, description: '%all.add%' },
          },
        },
      },
    },
  ]);
  const folder = join(installed.root, 'extensions/all');
  const english = Object.fromEntries(ids.map((id) => [id, `Title of ${id}`]));
  writeFileSync(join(folder, 'package.nls.json'), JSON.stringify(english));
  writeFileSync(join(folder, 'package.nls.de.json'), JSON.stringify({ 'all.add': 'Zusammenzählen' }));
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html><script src="page.js"></script>');
  writeFileSync(join(folder, 'page/page.js'), 'parent.postMessage({ ready: true }, "*")');
  symlinkSync(join(folder, 'package.json'), join(folder, 'page/link.json'));
  await start();
}, 30_000);
afterAll(async () => {
  await host.stop();
  installed.dispose();
});

async function start(): Promise<void> {
  host = await startHost({
    root: installed.root,
    data: installed.data,
    interface: 'lo',
    http: { host: '127.0.0.1', port: 0 },
    quiet: true,
    version: '0.1.0',
  });
  base = new URL(host.url);
  headers = { authorization: `Bearer ${base.searchParams.get('token') ?? ''}` };
}

async function api<T>(
  path: string,
  { language = '', ...init }: RequestInit & { language?: string } = {},
): Promise<{ status: number; body: T }> {
  const response = await fetch(new URL(`/api/v1${path}`, base), {
    ...init,
    headers: {
      ...headers,
      'accept-language': language,
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
    },
  });
  return { status: response.status, body: (await response.json()) as T };
}
const run = (id: string, body: object = {}): Promise<{ status: number; body: unknown }> =>
  api(`/commands/${id}`, { method: 'POST', body: JSON.stringify(body) });

describe('contributions of an extension', () => {
  it('are listed in the language that is asked for', async () => {
    const { body } = await api<ContributionsInfo>('/contributions', { language: 'de-AT,en;q=0.5' });
    expect(body.commands).toContainEqual({
      command: 'all.add',
      title: 'Zusammenzählen',
      extension: 'test.all',
      ready: true,
    });
    expect(body.commands).toContainEqual(expect.objectContaining({ command: 'all.missing', ready: false }));
    expect(body.commands).toContainEqual(expect.objectContaining({ title: 'Title of all.throw' }));
    expect(body.menus).toEqual([
      { place: 'sessions/item', command: 'all.add', when: "session.state == 'gone'", extension: 'test.all' },
    ]);
    expect(body.keybindings).toMatchObject([{ command: 'all.add', key: 'mod+shift+a' }]);
    expect(body.views.map(({ id, place, ready }) => [id, place, ready])).toEqual([
      ['all.tree', 'streams', true],
      ['all.table', 'panel', true],
      ['all.web', 'panel', true],
    ]);
    expect(body.statusItems).toMatchObject([{ id: 'all.status', text: 'fine', severity: 'warning' }]);
    await until('the driver', async () => {
      const { hal } = (await api<ContributionsInfo>('/contributions')).body;
      return hal[0]?.state === 'running';
    });
  });

  it('are commands that can be run: with arguments, from each other, with problems that reach the caller', async () => {
    expect(await run('all.add', { arguments: { a: 1, b: 2 } })).toEqual({
      status: 200,
      body: { result: { sum: 3 } },
    });
    expect(await run('all.other')).toMatchObject({ body: { result: { sum: 42 } } });
    expect(await run('all.throw')).toMatchObject({
      status: 409,
      body: { code: 'conflict', field: 'a', message: 'not so', fix: 'do not' },
    });
    expect(await run('all.unknown')).toMatchObject({ status: 404, body: { code: 'notFound' } });
    expect(await run('all.undeclared')).toMatchObject({ status: 404 });
    expect(await run('all.missing')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await run('all.huge')).toMatchObject({ status: 422, body: { code: 'limit' } });
    expect(await run('all.add', { arguments: [] })).toMatchObject({ status: 400 });
  });

  it('are commands that are asked to stop when their time is over or nobody waits any more', async () => {
    expect(await run('all.aborted')).toMatchObject({ body: { result: 'no' } });
    expect(await run('all.wait', { timeoutMs: 50 })).toMatchObject({
      status: 504,
      body: { code: 'timeout' },
    });
    await until(
      'the abort',
      async () => ((await run('all.aborted')).body as { result: string }).result === 'yes',
    );
    const controller = new AbortController();
    const hanging = api('/commands/all.wait', { method: 'POST', body: '{}', signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(hanging).rejects.toThrow();
    expect((await run('all.add', { arguments: { a: 1, b: 1 } })).status).toBe(200);
  });

  it('are trees and tables, whose answers are checked', async () => {
    expect((await api('/views/all.tree/children')).body).toEqual([
      { id: 'top', label: 'Top', children: 'collapsed', context: { kind: 'folder' } },
    ]);
    expect((await api('/views/all.tree/children?parent=top')).body).toEqual([{ id: 'top.1', label: 'Leaf' }]);
    expect(await api('/views/all.tree/children?parent=bad')).toMatchObject({ status: 400 });
    const { body } = await api<{ total: number; rows: object[] }>('/views/all.table/rows?offset=498&limit=2');
    expect(body).toEqual({
      total: 500,
      rows: [498, 499].map((n) => ({ id: String(n), cells: { name: `row ${n}`, n } })),
    });
    expect(await api('/views/all.table/rows?limit=2000')).toMatchObject({ status: 400 });
    expect(await api('/views/all.table/children')).toMatchObject({ status: 422 });
    expect(await api('/views/nobody')).toMatchObject({ status: 404 });
  });

  it('are web pages in a sandbox that load their own files and nothing else', async () => {
    const { body } = await api<{ url: string }>('/views/all.web');
    const page = await fetch(new URL(body.url, base), { headers: { origin: 'null' } });
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain('sandbox allow-scripts');
    expect(policy).not.toContain('allow-same-origin');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).toContain(`script-src ${new URL('.', new URL(body.url, base)).href};`);
    const at = (path: string): Promise<number> =>
      fetch(new URL(path, new URL(body.url, base))).then((response) => response.status);
    expect(await at('page.js')).toBe(200);
    expect(await at('nothing.js')).toBe(404);
    expect(await at('link.json')).toBe(404);
    expect(await at('..%2fpackage.json')).toBe(404);
    expect(await at(body.url.replace(/[0-9a-f]{32}/, '0'.repeat(32)))).toBe(404);
    const withNull = await fetch(new URL('/api/v1/status', base), {
      headers: { ...headers, origin: 'null' },
    });
    expect(withNull.status).toBe(403);
    const answer = await api('/views/all.web/messages', {
      method: 'POST',
      body: JSON.stringify({ message: [1] }),
    });
    expect(answer.body).toEqual({ result: { echo: [1] } });
  });

  it('tell pages what changed', async () => {
    const heard: ContributionMessage[] = [];
    const socket = new WebSocket(new URL('/api/v1/ws', base), { headers, origin: base.origin });
    socket.on('message', (data: Buffer) => {
      heard.push(JSON.parse(data.toString()) as ContributionMessage);
    });
    await new Promise((resolve) => socket.once('open', resolve));
    await run('all.change');
    await until('all three', () =>
      ['view', 'viewMessage', 'statusItems'].every((kind) => heard.some((each) => each.kind === kind)),
    );
    expect(heard).toContainEqual({ kind: 'view', view: 'all.tree', items: ['top'] });
    expect(heard).toContainEqual({ kind: 'viewMessage', view: 'all.web', message: { hello: 1 } });
    expect(heard).toContainEqual({
      kind: 'statusItems',
      items: [{ id: 'all.status', label: 'All', extension: 'test.all', text: 'changed' }],
    });
    socket.close();
  });

  it('step in before a receiver or a sender is made, and are checked like a person', async () => {
    const post = (path: string, body: object): Promise<{ status: number; body: { id: string } }> =>
      api(path, { method: 'POST', body: JSON.stringify(body) });
    const receiver = await post('/receivers', { sdp: announcedSdp() });
    expect(receiver).toMatchObject({ status: 201, body: { linkOffsetMs: 7, name: 'Stage left' } });
    const sender = await post('/senders', { name: 'x', channels: '1-2' });
    expect(sender).toMatchObject({ status: 201, body: { dscp: 48, ttl: 32 } });
    const checks = (await api(`/doctor/${receiver.body.id}`)).body;
    expect(checks).toContainEqual({ check: 'all.receiver', result: 'ok', message: 'Receiver: Stage left' });
  });

  it('are drivers of the device, told anew of every change of it, and one that fails is said to', async () => {
    const rename = (name: string): Promise<{ status: number }> =>
      api('/device', { method: 'PATCH', body: JSON.stringify({ name }) });
    const toBe = (state: string): Promise<void> =>
      until(`the driver to be ${state}`, async () => {
        const [driver] = (await api<ContributionsInfo>('/contributions')).body.hal;
        return driver?.state === state;
      });
    await toBe('running');
    expect((await rename('bad')).status).toBe(200);
    await toBe('failed');
    const [driver] = (await api<ContributionsInfo>('/contributions')).body.hal;
    expect(driver).toMatchObject({ id: 'all.hal', message: 'cannot' });
    await rename('good');
    await toBe('running');
  });

  it('are checks of the doctor', async () => {
    const { body } = await api('/doctor');
    expect(body).toContainEqual({
      check: 'all.machine',
      result: 'warning',
      message: 'Machine: looked at the machine',
      fix: 'look away',
    });
    expect(body).toContainEqual({ check: 'all.broken', result: 'warning', message: 'Broken: no idea' });
  });

  it('are told when the host ends, and waited for', async () => {
    const log = (): string => readFileSync(join(installed.data, 'host.log'), 'utf8');
    expect(log()).not.toContain('said goodbye');
    await host.stop();
    expect(log()).toContain('said goodbye');
    await start();
  });

  it('are gone with their extension', async () => {
    await api('/extensions/test.all/disable', { method: 'POST', body: '{"force":true}' });
    const { body } = await api<ContributionsInfo>('/contributions');
    expect(
      Object.values(body)
        .flat()
        .filter((each) => (each as { extension: string }).extension === 'test.all'),
    ).toEqual([]);
    expect(await run('all.add')).toMatchObject({ status: 404 });
    await api('/extensions/test.all/enable', { method: 'POST' });
    expect(await run('all.add', { arguments: { a: 2, b: 2 } })).toMatchObject({
      body: { result: { sum: 4 } },
    });
  });
});
