import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { arrivalBins, type Arrivals, type PatchReply, type StateMessage } from '@tutti/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startHost, type Host } from '../../src/host.ts';
import { announcedSdp } from '@tutti/test';
import { installation } from '../support/installation.ts';
import { until } from '../support/until.ts';

let installed: Awaited<ReturnType<typeof installation>>;
let host: Host;
let base: URL;
let token: string;

beforeAll(async () => {
  installed = await installation();
  const http = { host: '127.0.0.1', port: 0 };
  host = await startHost({
    root: installed.root,
    data: installed.data,
    interface: 'lo',
    http,
    quiet: true,
    version: '0.1.0',
  });
  base = new URL(host.url);
  token = base.searchParams.get('token') ?? '';
}, 30_000);
afterAll(async () => {
  await host.stop();
  installed.dispose();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request as a raw client sends it: fetch would not let a test forge Host and Origin. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: base.hostname,
      port: base.port,
      path,
      method,
      headers: { host: base.host, ...headers },
    };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
const json = (): Record<string, string> => ({ ...bearer(), 'content-type': 'application/json' });

describe('access to the host API', () => {
  it('needs the token, by header or by cookie', async () => {
    expect((await ask('/api/v1/status')).status).toBe(401);
    expect((await ask('/api/v1/status', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await ask('/api/v1/status', { authorization: `Bearer ${token}x` })).status).toBe(401);
    expect((await ask('/api/v1/status', bearer())).status).toBe(200);
    expect((await ask('/api/v1/status', { cookie: `a=b; tutti-${base.port}=${token}` })).status).toBe(200);
    expect((await ask('/api/v1/openapi.json')).status).toBe(401);
  });

  it('needs it however the path is spelt', async () => {
    const spelt = ['/%61pi/v1', '/ap%69/v1', '/api/v%31', `${base.origin}/api/v1`, `${base.origin}/%61pi/v1`];
    for (const api of spelt) {
      expect((await ask(`${api}/status`)).status, api).toBe(401);
      expect((await ask(`${api}/stop`, {}, 'POST')).status, api).toBe(401);
      expect((await ask(`${api}/status`, bearer())).headers['cache-control'], api).toBe('no-store');
    }
    for (const api of ['/%61pi/v1', '/api/v%31'])
      for (const path of ['/ws', '/levels']) expect(await webSocketStatus(path, {}, api)).toBe(401);
    await ask('/api/v1/lock', json(), 'PUT', '{"locked":true}');
    for (const api of spelt) expect((await ask(`${api}/stop`, bearer(), 'POST')).status, api).toBe(423);
    await ask('/api/v1/lock', json(), 'PUT', '{"locked":false}');
  });

  it('turns the token of the address into a cookie that scripts cannot read', async () => {
    const { status, headers } = await ask(`/?token=${token}`);
    expect(status).toBe(303);
    expect(headers['location']).toBe('/');
    expect(headers['set-cookie']).toEqual([`tutti-${base.port}=${token}; Path=/; HttpOnly; SameSite=Strict`]);
    expect((await ask('/?token=wrong')).headers['set-cookie']).toBeUndefined();
  });

  it('keeps the token in a file that only the owner may read', () => {
    const path = join(installed.data, 'token');
    expect(readFileSync(path, 'utf8').trim()).toBe(token);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is refused under any other host name, token or not (DNS rebinding)', async () => {
    for (const name of ['evil.example', `evil.example:${base.port}`, '127.0.0.1:1']) {
      expect((await ask('/api/v1/status', { ...bearer(), host: name })).status, name).toBe(403);
      expect((await ask('/', { host: name })).status, name).toBe(403);
    }
    expect((await ask('/api/v1/status', { ...bearer(), host: `localhost:${base.port}` })).status).toBe(200);
  });

  it('is refused to pages of other origins, for a WebSocket too', async () => {
    expect((await ask('/api/v1/status', { ...bearer(), origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask('/api/v1/status', { ...bearer(), origin: 'null' })).status).toBe(403);
    expect((await ask('/api/v1/status', { ...bearer(), origin: `https://${base.host}` })).status).toBe(403);
    expect((await ask('/api/v1/status', { ...bearer(), origin: base.origin })).status).toBe(200);
    for (const path of ['/ws', '/levels']) {
      expect(await webSocketStatus(path, { ...bearer(), origin: 'http://evil.example' })).toBe(403);
      expect(await webSocketStatus(path, {})).toBe(401);
    }
  });

  it('answers with a strict policy for the page and everything else', async () => {
    const { status, headers, body } = await ask('/');
    expect([status, body]).toEqual([200, '<!doctype html><title>Tutti</title>']);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect((await ask('/../../etc/passwd')).status).toBeGreaterThanOrEqual(400);
    expect((await ask('/%2e%2e/%2e%2e/package.json')).status).toBeGreaterThanOrEqual(400);
  });
});

function webSocketStatus(
  path: string,
  headers: Record<string, string>,
  api = '/api/v1',
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${base.host}${api}${path}`, { headers });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('open', () => resolve(101));
    socket.on('error', () => undefined);
  });
}

describe('the host API', () => {
  it('adds, shows and removes a receiver and a sender', async () => {
    const body = JSON.stringify({ sdp: announcedSdp(), map: '1-2:17-18' });
    const added = await ask('/api/v1/receivers', json(), 'POST', body);
    expect(added.status).toBe(201);
    const receiver = JSON.parse(added.body) as { id: string };
    expect(receiver).toMatchObject({
      map: [
        [1, 17],
        [2, 18],
      ],
      timing: 'resample',
      state: 'waiting',
    });
    const sent = await ask(
      '/api/v1/senders',
      json(),
      'POST',
      JSON.stringify({ name: 'Mix', channels: '1-2' }),
    );
    const sender = JSON.parse(sent.body) as { id: string };
    const sdp = await ask(`/api/v1/senders/${sender.id}/sdp`, bearer());
    expect(sdp.headers['content-type']).toContain('application/sdp');
    expect(sdp.body).toContain('s=Mix\r\n');
    for (const path of [`receivers/${receiver.id}`, `senders/${sender.id}`]) {
      expect((await ask(`/api/v1/${path}`, bearer(), 'DELETE')).status).toBe(204);
      expect((await ask(`/api/v1/${path}`, bearer())).status).toBe(404);
    }
  });

  it('patches in one step, and back', async () => {
    const body = JSON.stringify({ receive: [{ sdp: announcedSdp(), map: '1-2:33-34' }] });
    const patched = await ask('/api/v1/routes/patch', json(), 'POST', body);
    expect(patched.status).toBe(200);
    const { receivers, undo } = JSON.parse(patched.body) as PatchReply;
    const [receiver] = receivers;
    expect(receiver).toMatchObject({
      stream: 0,
      map: [
        [1, 33],
        [2, 34],
      ],
    });
    const arrivals = await ask(`/api/v1/receivers/${receiver?.id}/arrivals`, bearer());
    expect((JSON.parse(arrivals.body) as Arrivals).counts).toHaveLength(arrivalBins);
    expect((await ask('/api/v1/routes/patch', json(), 'POST', JSON.stringify(undo))).status).toBe(200);
    expect((await ask(`/api/v1/receivers/${receiver?.id}/arrivals`, bearer())).status).toBe(404);
    const wrong = await ask('/api/v1/routes/patch', json(), 'POST', '{"set":[{"channel":0}]}');
    expect(JSON.parse(wrong.body)).toMatchObject({ code: 'invalid' });
  });

  it('answers mistakes with a problem that names the field', async () => {
    const missing = await ask('/api/v1/senders', json(), 'POST', '{"name":"x"}');
    expect(missing.status).toBe(400);
    expect(missing.headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(missing.body)).toMatchObject({ code: 'invalid', field: 'channels', status: 400 });
    const unknown = await ask('/api/v1/senders', json(), 'POST', '{"name":"x","channels":"1","chanels":"2"}');
    expect(JSON.parse(unknown.body)).toMatchObject({ code: 'invalid', field: 'chanels' });
    const broken = await ask('/api/v1/senders', json(), 'POST', '{');
    expect(JSON.parse(broken.body)).toMatchObject({ code: 'invalid', status: 400 });
    expect(JSON.parse((await ask('/api/v1/nothing', bearer())).body)).toMatchObject({
      code: 'notFound',
      status: 404,
    });
    const typed = await ask('/api/v1/receivers', json(), 'POST', '{"sdp":7}');
    expect(JSON.parse(typed.body)).toMatchObject({ code: 'invalid', field: 'sdp' });
  });

  it('checks an SDP and describes itself', async () => {
    const checked = await ask(
      '/api/v1/sdp/check',
      { ...bearer(), 'content-type': 'text/plain' },
      'POST',
      announcedSdp(),
    );
    expect(JSON.parse(checked.body)).toMatchObject({ session: { name: 'Stage left' } });
    const openapi = JSON.parse((await ask('/api/v1/openapi.json', bearer())).body) as { paths: object };
    expect(Object.keys(openapi.paths)).toContain('/api/v1/receivers/{id}');
  });

  it('gives the doctor’s checks in order', async () => {
    const checks = JSON.parse((await ask('/api/v1/doctor', bearer())).body) as { check: string }[];
    expect(checks.slice(0, 4).map(({ check }) => check)).toEqual([
      'interface',
      'engine',
      'extensions',
      'clock',
    ]);
  });
});

describe('the WebSocket', () => {
  it('sends a snapshot, then what changed', async () => {
    const messages: StateMessage[] = [];
    const socket = new WebSocket(`ws://${base.host}/api/v1/ws`, { headers: bearer() });
    socket.binaryType = 'arraybuffer';
    socket.on('message', (data) => {
      const text = String(data instanceof ArrayBuffer ? Buffer.from(data) : data);
      messages.push(JSON.parse(text) as StateMessage);
    });
    await until('the snapshot', () => messages.length > 0);
    expect(messages[0]).toMatchObject({ kind: 'snapshot', state: { receivers: [], senders: [] } });
    const sent = await ask(
      '/api/v1/senders',
      json(),
      'POST',
      JSON.stringify({ name: 'Live', channels: '5' }),
    );
    const { id } = JSON.parse(sent.body) as { id: string };
    await until('the delta', () =>
      messages.some((each) => each.kind === 'delta' && each.state.senders?.length === 1),
    );
    expect(messages.filter((each) => each.kind === 'snapshot')).toHaveLength(1);
    await ask(`/api/v1/senders/${id}`, bearer(), 'DELETE');
    await until('it is gone', () =>
      messages.some((each) => each.kind === 'delta' && each.state.senders?.length === 0),
    );
    socket.close();
  });
});
