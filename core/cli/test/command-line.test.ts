import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeSdp } from '@tutti/model';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

// Every step is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const core = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'tutti-cli-'));
const root = join(folder, 'root');
const program = join(root, 'dist/cli.js');
let instances = 0;
let data = '';
let served: ChildProcess | undefined;

/** A small installation: the real command line and extension host, the null engine, one extension with codecs. */
beforeAll(async () => {
  const bundle = (entry: string, name: string): Promise<unknown> =>
    build({
      entryPoints: [{ in: join(core, entry), out: name }],
      outdir: join(root, 'dist'),
      bundle: true,
      splitting: true, // as the real one: only what is wanted is loaded
      platform: 'node',
      format: 'esm',
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      banner: {
        js: "import { createRequire as c } from 'node:module'; const require = c(import.meta.url);",
      },
    });
  await Promise.all([
    bundle('cli/src/main.ts', 'cli'),
    bundle('exthost/src/main.ts', 'exthost'),
    bundle('test-kit/src/null-engine/main.ts', 'engine'),
  ]);
  const extension = join(root, 'extensions/codecs');
  mkdirSync(join(extension, 'dist'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module", "version": "0.1.0" }');
  writeFileSync(join(extension, 'dist/library.so'), '');
  const native = ['L16', 'L24'].map((id) => ({ kind: 'codec', id, abi: 1, library: 'library' }));
  native.push({ kind: 'clock', id: 'system', abi: 1, library: 'library' });
  writeFileSync(
    join(extension, 'package.json'),
    JSON.stringify({
      publisher: 'test',
      name: 'codecs',
      version: '1.0.0',
      engines: { tutti: '*' },
      contributes: { native },
    }),
  );
});
afterEach(async () => {
  if (served?.exitCode === null) await tutti('stop');
  served = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function tutti(...args: readonly string[]): Promise<Ended> {
  return run([...args, ...(data === '' ? [] : ['--data', data])]);
}

function run(args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [program, ...args]);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => done({ code, out, err }));
    child.stdin.end(input);
  });
}

/** Starts `tutti serve` on an instance of its own. @returns its first line. */
function serve(...args: readonly string[]): Promise<string> {
  instances += 1;
  data = join(folder, `d${instances}`);
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [
      program,
      ...['serve', '--data', data, '--no-open', '--interface', 'lo', '--http', '127.0.0.1:0'],
      ...args,
    ]);
    served = child;
    let out = '';
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) done(out);
    });
    child.on('close', () => fail(new Error(`serve ended: ${err}`)));
  });
}

const sdp = writeSdp({
  origin: { sessionId: '5', sessionVersion: '1', address: '127.0.0.9' },
  name: 'Stage',
  encoding: 'L24',
  rate: 48000,
  channels: 2,
  payloadType: 98,
  framesPerPacket: 48,
  legs: [{ address: '239.69.9.9', port: 5004, ttl: 32 }],
  referenceClock: { kind: 'ptp', grandmaster: '00-1D-C1-FF-FE-00-00-01', domain: 0 },
});

describe('the command line without a host', () => {
  it('ends with 2 for mistakes in usage, and 0 for help', async () => {
    data = '';
    for (const args of [
      ['nonsense'],
      ['receiver', 'add'],
      ['sender', 'add', '--name', 'x'],
      ['status', '--what'],
    ]) {
      const { code, out, err } = await run(args);
      expect([code, out], args.join(' ')).toEqual([2, '']);
      expect(err).not.toBe('');
    }
    expect((await run(['sender', 'add', '--name', 'x', '--channels', '1', '--ptime', 'long'])).code).toBe(2);
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('doctor');
  });

  it('ends with 3 when the host is not running', async () => {
    data = join(folder, 'nobody');
    for (const args of [['status'], ['session', 'list'], ['stop'], ['open']]) {
      const { code, out, err } = await tutti(...args);
      expect([code, out], args.join(' ')).toEqual([3, '']);
      expect(err).toContain('not running');
    }
  });

  it('packs an extension, installs it and removes it again', async () => {
    const source = join(folder, 'made');
    mkdirSync(join(source, 'dist'), { recursive: true });
    const manifest = {
      publisher: 'acme',
      name: 'made',
      version: '1.2.3',
      type: 'module',
      engines: { tutti: '*' },
    };
    const write = (more: object): void =>
      writeFileSync(join(source, 'package.json'), JSON.stringify({ ...manifest, ...more }));
    write({ main: 'dist/main.js', contributes: { nothing: [] } });
    const wrong = await run(['extension', 'validate', source]);
    expect([wrong.code, wrong.out]).toEqual([
      1,
      expect.stringMatching(/package\.json:1:\d+: contributes\.nothing/),
    ]);
    write({ main: 'dist/main.js' });
    const file = join(folder, 'made.tutti');
    const unbuilt = await run(['extension', 'pack', source, '--out', file]);
    expect([unbuilt.code, unbuilt.err]).toEqual([1, expect.stringContaining('build it first')]);
    writeFileSync(join(source, 'dist/main.js'), 'export function activate() { console.log("hello there"); }');
    expect((await run(['extension', 'validate', source])).code).toBe(0);
    expect((await run(['extension', 'pack', source, '--out', file])).out).toContain('2 files');

    await serve();
    expect((await tutti('extension', 'install', file)).out).toBe('acme.made active\n');
    expect((await tutti('extension', 'list')).out).toMatch(/acme\.made +1\.2\.3 +installed +active/);
    expect(readFileSync(join(data, 'host.log'), 'utf8')).toContain('hello there');
    expect((await tutti('extension', 'install', '/nowhere.tutti')).code).toBe(4);
    expect((await tutti('extension', 'uninstall', 'acme.made')).code).toBe(0);
    expect((await tutti('extension', 'uninstall', 'test.codecs', '--force')).code).toBe(4);
    expect((await tutti('extension', 'list')).out).not.toContain('acme.made');
  });

  it('checks an SDP: the model on standard output, problems with places on standard error', async () => {
    const good = await run(['sdp', 'check', '-'], sdp);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.out)).toMatchObject({
      session: { name: 'Stage', streams: [{ encoding: 'L24' }] },
    });
    const bad = await run(['sdp', 'check', '-'], 'v=0\r\nm=audio nonsense\r\n');
    expect(bad.code).toBe(1);
    expect(bad.err).toMatch(/^-:\d+:\d+: error: /m);
    expect((await run(['sdp', 'check', join(folder, 'missing')])).code).toBe(1);
  });

  it('writes an ALSA configuration for the instance', async () => {
    data = join(folder, 'alsa');
    const { code, out } = await tutti('alsa-config');
    expect(code).toBe(0);
    expect(out).toContain(join(root, 'dist/hal/libasound_module_pcm_tutti.so'));
    expect(out).toMatch(/region "\/dev\/shm\/tutti-\d+-[0-9a-f]{12}\.device"/);
  });
});

describe('tutti serve', () => {
  it('prints one line when everything answers, and locks its instance', async () => {
    expect(await serve()).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+\n$/);
    const second = await tutti('serve', '--no-open');
    expect([second.code, second.out]).toEqual([5, '']);
    const { code, out } = await tutti('status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ engine: { state: 'running' }, device: { rate: 48000 } });
  });

  it('ends host and engine on SIGTERM and on "tutti stop"', async () => {
    await serve();
    const { engine } = JSON.parse((await tutti('status', '--json')).out) as { engine: { pid: number } };
    const ended = new Promise((done) => served?.on('close', done));
    served?.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(() => process.kill(engine.pid, 0)).toThrow();
    await serve();
    expect((await tutti('stop')).code).toBe(0);
  });

  it('leaves the engine running when it is killed, which "tutti stop" then ends', async () => {
    await serve();
    const { engine } = JSON.parse((await tutti('status', '--json')).out) as { engine: { pid: number } };
    const ended = new Promise((done) => served?.on('close', done));
    served?.kill('SIGKILL');
    await ended;
    expect(() => process.kill(engine.pid, 0)).not.toThrow();
    expect((await tutti('status')).code).toBe(3);
    const { code, err } = await tutti('stop');
    expect(code).toBe(0);
    expect(err).toContain('the engine is stopped');
  });

  it('refuses to listen beyond the loopback, and a port that is taken', async () => {
    data = join(folder, 'refused');
    expect((await tutti('serve', '--http', '0.0.0.0:0')).code).toBe(1);
    expect((await tutti('serve', '--http', 'nonsense')).code).toBe(2);
    const { port } = new URL((await serve()).slice('ready '.length));
    const taken = await run([
      'serve',
      '--data',
      join(folder, 'taken'),
      '--no-open',
      '--http',
      `127.0.0.1:${port}`,
    ]);
    expect(taken.code).toBe(5);
    const log = readFileSync(join(folder, 'taken/host.log'), 'utf8');
    const pid = Number(/attached to engine [^"]+, pid (\d+)/.exec(log)?.[1]);
    expect(() => process.kill(pid, 0), 'an engine that nobody wants').toThrow();
  });
});

describe('nouns and verbs', () => {
  it('add, list, route and remove streams; data on standard output, messages on standard error', async () => {
    await serve();
    const file = join(folder, 'stage.sdp');
    writeFileSync(file, sdp);
    const added = await tutti('receiver', 'add', '--sdp', file, '--map', '1-2:17-18', '--link-offset', '7');
    expect(added).toMatchObject({ code: 0, out: 'r1\n' });
    expect(added.err).toContain('resampled onto ours; link offset 7 ms');
    const sender = await tutti(
      'sender',
      'add',
      '--name',
      'Mix',
      '--channels',
      '1-8',
      '--dest',
      '239.1.2.3',
      '--json',
    );
    expect(JSON.parse(sender.out)).toMatchObject({ id: 's2', legs: [{ address: '239.1.2.3', port: 5004 }] });
    expect((await tutti('sender', 'sdp', 's2')).out).toContain('c=IN IP4 239.1.2.3/32');
    expect((await tutti('route', 'set', 'r1', '2:20')).code).toBe(0);
    expect(JSON.parse((await tutti('route', 'list', '--json')).out)).toContainEqual({
      receiverId: 'r1',
      channel: 2,
      input: 20,
    });
    expect((await tutti('route', 'clear', 'r1')).out).not.toContain('r1');
    expect((await tutti('receiver', 'list')).out).toContain('Stage');
    const set = await tutti('receiver', 'set', 'r1', '--name', 'Balcony', '--link-offset', 'auto');
    expect(set, set.err).toMatchObject({ code: 0, out: expect.stringContaining('Balcony') as string });
    expect((await tutti('receiver', 'set', 'r1')).code).toBe(2);
    expect((await tutti('lock', '--note', 'on air')).out).toBe('locked\n');
    const refused = await tutti('receiver', 'remove', 'r1');
    expect(refused).toMatchObject({ code: 5, err: expect.stringContaining('on air') as string });
    expect((await tutti('unlock')).code).toBe(0);
    expect((await tutti('receiver', 'remove', 'r1')).code).toBe(0);
    expect((await tutti('sender', 'set', 's2', '--dest', '239.70.0.0/16')).out).toContain('239.70.');
    expect((await tutti('sender', 'set', 's2')).code).toBe(2);
    expect((await tutti('sender', 'remove', 's2')).code).toBe(0);
    expect((await tutti('device', 'set', '--rate', '96000')).out).toContain('96000 Hz');
    expect((await tutti('clock', 'sources')).out).toContain('test.codecs');
    expect((await tutti('clock', 'use', 'system', '--set', 'timescale=utc')).out).toContain('system');
    expect(readFileSync(join(data, 'settings.json'), 'utf8')).toContain('"timescale": "utc"');
    const clock = await tutti('clock', 'status');
    expect(clock.out).toMatch(/^state +locked$/m);
    expect(clock.out).toContain('The clock source is system.');
    expect(JSON.parse((await tutti('clock', 'status', '--json')).out)).toMatchObject({
      source: 'system',
      history: expect.arrayContaining([expect.objectContaining({ state: 'locked' })]) as unknown,
    });
    const inUse = await tutti('extension', 'disable', 'test.codecs');
    expect([inUse.code, inUse.err]).toEqual([5, expect.stringContaining('the media clock')]);
    expect((await tutti('extension', 'disable', 'test.codecs', '--force')).out).toContain(
      'disabled (byUser)',
    );
    expect(readFileSync(join(data, 'state.json'), 'utf8')).toContain('"rate": 96000');
  });

  it('end with the code of what went wrong', async () => {
    await serve();
    const codes: readonly (readonly [number, ...string[]])[] = [
      [4, 'receiver', 'show', 'r9'],
      [4, 'session', 'show', 'nobody'],
      [4, 'receiver', 'add', '--session', 'nobody'],
      [4, 'clock', 'use', 'sundial'],
      [2, 'clock', 'use', 'system', '--set', 'domain'],
      [4, 'sender', 'add', '--name', 'x', '--channels', '1', '--interface', 'wlan9'],
      [2, 'sender', 'add', '--name', 'x', '--channels', '1-129'],
      [2, 'sender', 'add', '--name', 'x', '--channels', '1-64'],
      [2, 'sender', 'add', '--name', 'x', '--channels', '1', '--dest', '10.0.0.1'],
      [1, 'sender', 'add', '--name', 'x', '--channels', '1', '--format', 'AM824'],
      [0, 'sender', 'add', '--name', 'x', '--channels', '1'],
      [5, 'sender', 'add', '--name', 'y', '--channels', '1'],
    ];
    for (const [expected, ...args] of codes) {
      const { code, err } = await tutti(...args);
      expect([code, args.join(' ')]).toEqual([expected, args.join(' ')]);
      if (expected !== 0) expect(err).not.toBe('');
    }
    const file = join(folder, 'silent.sdp');
    writeFileSync(file, sdp);
    const added = await tutti('receiver', 'add', '--sdp', file);
    const doctor = await tutti('doctor', added.out.trim());
    expect(doctor.code).toBe(6);
    expect(doctor.err).toContain('first broken link: connection');
  });
});
