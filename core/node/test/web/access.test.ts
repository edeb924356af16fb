import { request } from 'node:https';
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccessInfo, SignInInfo } from '@tutti/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost, type Host } from '../../src/host.ts';
import { installation } from '../support/installation.ts';
import { until } from '../support/until.ts';

let host: Host;
let installed: Awaited<ReturnType<typeof installation>>;
let local: URL;
let token: string;

beforeAll(async () => {
  installed = await installation();
  host = await startHost({
    root: installed.root,
    data: installed.data,
    interface: 'lo',
    http: { host: '127.0.0.1', port: 0 },
    quiet: true,
    version: '0.1.0',
  });
  local = new URL(host.url);
  token = local.searchParams.get('token') ?? '';
}, 30_000);
afterAll(async () => {
  await host.stop();
  installed.dispose();
});

interface Asking {
  readonly method?: string;
  readonly body?: unknown;
  readonly cookie?: string;
  readonly bearer?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** On the loopback, with the token unless something else is said. */
async function ask(path: string, { method = 'GET', body, cookie, bearer }: Asking = {}): Promise<Response> {
  return await fetch(`${local.origin}/api/v1${path}`, {
    method,
    headers: {
      ...(cookie === undefined ? { authorization: `Bearer ${bearer ?? token}` } : { cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
const cookieOf = (response: Response): string =>
  (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const setPassword = (role: string, password: string): Promise<Response> =>
  ask(`/access/passwords/${role}`, { method: 'PUT', body: { password } });
const accessInfo = async (): Promise<AccessInfo> => (await (await ask('/access')).json()) as AccessInfo;

describe('roles', () => {
  it('a viewer sees everything and changes nothing', async () => {
    expect((await setPassword('viewer', 'battery staple')).status).toBe(200);
    const signedIn = await ask('/sign-in', {
      method: 'POST',
      body: { password: 'battery staple' },
      bearer: '',
    });
    expect(signedIn.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    const cookie = cookieOf(signedIn);
    expect((await ask('/status', { cookie })).status).toBe(200);
    expect((await ask('/receivers', { cookie })).status).toBe(200);
    expect(await (await ask('/status', { cookie })).text()).not.toContain(token);
    const who = (await (await ask('/sign-in', { cookie })).json()) as SignInInfo;
    expect(who).toEqual({ role: 'viewer', password: true });
    for (const [method, path, body] of [
      ['POST', '/senders', { name: 'x', channels: '1' }],
      ['POST', '/stop', undefined],
      ['PUT', '/access/passwords/admin', { password: 'mine from now on' }],
      ['PUT', '/lock', { locked: true }],
      ['PATCH', '/device', { name: 'x' }],
      ['DELETE', '/receivers/r1', undefined],
    ] as const) {
      const refused = await ask(path, { method, body, cookie });
      expect([path, refused.status]).toEqual([path, 403]);
    }
    expect((await ask('/sign-in', { method: 'DELETE', cookie })).status).toBe(204);
    expect((await ask('/status', { cookie })).status).toBe(401);
  });

  it('a wrong password is refused with the field, and nobody is signed in', async () => {
    const wrong = await ask('/sign-in', { method: 'POST', body: { password: 'wrong one' }, bearer: '' });
    expect(wrong.status).toBe(403);
    expect(await wrong.json()).toMatchObject({ code: 'permission', field: 'password' });
    expect(wrong.headers.get('set-cookie')).toBeNull();
    const nobody = await ask('/sign-in', { cookie: 'none=1' });
    expect(await nobody.json()).toEqual({ password: true });
  });
});

describe('the show lock', () => {
  it('refuses every change, whoever asks, until it is off; what is only looked at goes on', async () => {
    expect((await ask('/lock', { method: 'PUT', body: { locked: true, note: 'on air' } })).status).toBe(200);
    const refused = await ask('/senders', { method: 'POST', body: { name: 'x', channels: '1' } });
    expect(refused.status).toBe(423);
    expect(await refused.json()).toMatchObject({
      code: 'locked',
      message: expect.stringContaining('on air') as string,
    });
    expect((await ask('/stop', { method: 'POST' })).status).toBe(423);
    expect(await (await ask('/status')).json()).toMatchObject({ lock: { note: 'on air' } });
    expect(readFileSync(join(installed.data, 'state.json'), 'utf8')).toContain('on air');
    expect((await ask('/lock', { method: 'PUT', body: { locked: false } })).status).toBe(200);
    const added = await ask('/senders', { method: 'POST', body: { name: 'x', channels: '1' } });
    expect(added.status).toBe(201);
    const { id } = (await added.json()) as { id: string };
    await ask(`/senders/${id}`, { method: 'DELETE' });
  });
});

describe('other machines', () => {
  const settings = (content: object): void =>
    writeFileSync(join(installed.data, 'settings.json'), JSON.stringify(content));
  const remoteState = async (state: string): Promise<AccessInfo['remote']> => {
    let remote = (await accessInfo()).remote;
    await until(`remote ${state}`, async () => (remote = (await accessInfo()).remote).state === state);
    return remote;
  };

  it('reach the host with TLS while there is a password, and only then', async () => {
    await ask('/access/passwords/viewer', { method: 'DELETE' });
    settings({ 'remote.listen': '127.0.0.1:0' });
    await until('the reason', async () =>
      JSON.stringify((await accessInfo()).remote).includes('no password'),
    );
    await setPassword('admin', 'correct horse');
    const remote = await remoteState('on');
    if (remote.state !== 'on') throw new Error('off');
    const url = new URL(remote.urls[0] ?? '');
    expect(statSync(join(installed.data, 'tls.key')).mode & 0o777).toBe(0o600);
    const certificate = readFileSync(join(installed.data, 'tls.crt'), 'utf8');
    expect(new X509Certificate(certificate).fingerprint256).toBe(remote.fingerprint);

    const status = await askRemote(url, '/api/v1/status', certificate);
    expect(status.code).toBe(401);
    const signedIn = await askRemote(url, '/api/v1/sign-in', certificate, {
      method: 'POST',
      body: { password: 'correct horse' },
    });
    expect(signedIn.cookie).toMatch(/; Secure$/);
    const headers = { cookie: signedIn.cookie.split(';')[0] ?? '' };
    expect((await askRemote(url, '/api/v1/status', certificate, { headers })).code).toBe(200);
    const evil = { ...headers, host: `evil.example:${url.port}` };
    expect((await askRemote(url, '/api/v1/status', certificate, { headers: evil })).code).toBe(403);
    const plain = { ...headers, origin: `http://${url.host}` };
    expect((await askRemote(url, '/api/v1/status', certificate, { headers: plain })).code).toBe(403);

    await ask('/access/passwords/admin', { method: 'DELETE' });
    await remoteState('off');
    await expect(askRemote(url, '/', certificate)).rejects.toThrow();
  });

  it('do not, and it is said why, with a certificate that cannot be read', async () => {
    await setPassword('admin', 'correct horse');
    settings({
      'remote.listen': '127.0.0.1:0',
      'remote.certificate': '/nowhere.crt',
      'remote.key': '/nowhere.key',
    });
    const remote = await remoteState('failed');
    expect(remote).toMatchObject({ reason: expect.stringContaining('/nowhere.crt') as string });
    settings({});
    await remoteState('off');
  });
});

/** Trusts the instance's own certificate, as a person who compared the fingerprint does. */
function askRemote(
  url: URL,
  path: string,
  ca: string,
  { method = 'GET', body, headers = {} }: Asking = {},
): Promise<{ code: number; cookie: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ host: url.hostname, port: url.port, path, method, ca, agent: false },
      servername: 'localhost',
      headers: {
        host: url.host,
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
    };
    const sent = request(options, (response) => {
      response.resume();
      response.on('end', () =>
        resolve({ code: response.statusCode ?? 0, cookie: response.headers['set-cookie']?.[0] ?? '' }),
      );
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
