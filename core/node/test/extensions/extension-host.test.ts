import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExtensionManager } from '../../src/extensions/extension-manager.ts';
import type { ForkedExtensionHosts } from '../../src/extensions/extension-hosts.ts';
import type { FoundExtension } from '../../src/extensions/manifest.ts';
import { scanExtensions } from '../../src/extensions/scan.ts';
import { announcedSdp } from '@tutti/test';
import { installation } from '../support/installation.ts';
import { Rig } from '../support/rig.ts';
import { eth1 } from '../support/settable-interfaces.ts';
import { until } from '../support/until.ts';

const finder = `
  context.subscriptions.add(api.discovery.registerProvider({ id: 'finder', async start(sink) {
    const tell = () => sink.announced({ key: 'k', sdp: ${JSON.stringify(announcedSdp())}, source: api.configuration.get('finder.source') });
    tell();
    api.configuration.onDidChange(tell);
    api.network.onDidChangeInterfaces((all) => sink.announced({ key: all.map((each) => each.name).join(), sdp: ${JSON.stringify(announcedSdp({ id: '300' }))} }));
    return { dispose() {} };
  } }));
  api.discovery.registerSource({ scheme: 'test',
    async describe(url) { return 'sdp of ' + url; },
    async receive({ url, transport }, sink) {
      if (transport === undefined) throw new Error('nothing to do');
      api.log.info('test.receive', url + ' ' + transport.address + ':' + transport.port + ' ' + transport.control);
      sink.described('new sdp');
      sink.failed('x'.repeat(5000));
      sink.opened();
      return { dispose: () => api.log.info('test.released', url) };
    } });
  api.discovery.registerSource({ scheme: 'once', async describe() { return ''; } });
  api.publishing.registerPublisher({ id: 'teller', async publish(sessions) { api.log.info('test.published', sessions.map((each) => each.id).join()); } });
  api.hooks.sessionParsed(async (session) => {
    if (session.name === 'crash') process.kill(process.pid, 'SIGKILL');
    if (session.name === 'throw') throw new Error('no');
    if (session.name === 'nonsense') return { ...session, streams: [null] };
    return { ...session, information: 'seen' };
  });
  api.hooks.sdpWillPublish(async (sdp) => sdp + 'a=x-test\\r\\n');`;

let installed: Awaited<ReturnType<typeof installation>>;
let rig: Rig;
let hosts: ForkedExtensionHosts;
let manager: ExtensionManager;

beforeAll(async () => {
  installed = await installation([
    {
      name: 'finder',
      activate: finder,
      manifest: {
        contributes: { configuration: { 'finder.source': { type: 'string', default: '10.0.0.77' } } },
      },
    },
    {
      name: 'keeper',
      activate: `
        await api.storage.set('runs', ((await api.storage.get('runs')) ?? 0) + 1);
        const { code } = await api.storage.set('../x', 1).catch((error) => error.problem);
        await api.storage.set('seen', [code, await api.storage.keys()]);
        context.subscriptions.add({ dispose: () => void api.storage.set('last', 'said') });`,
    },
    { name: 'broken', activate: `throw new Error('it is broken');` },
    { name: 'foreign', activate: '', manifest: { engines: { tutti: '^9.0.0' } } },
    { name: 'escaping', activate: '', manifest: { main: '../../elsewhere.js' } },
  ]);
});
afterAll(() => installed.dispose());

beforeEach(async () => {
  rig = await new Rig().start();
  const { registries, log, configuration, state } = rig;
  const version = '0.1.0';
  hosts = rig.extensionHosts(join(installed.root, 'dist'), version);
  const builtIn = join(installed.root, 'extensions');
  const scan = (): readonly FoundExtension[] =>
    scanExtensions({ development: [], builtIn, installed: join(installed.root, 'installed') }, version);
  manager = new ExtensionManager({
    scan,
    registries,
    configuration,
    state,
    hosts,
    native: { problemOf: () => undefined, onDidChange: () => ({ dispose() {} }) },
    onNativeCrash: () => ({ dispose: () => undefined }),
    safeMode: false,
    log,
  });
});
afterEach(async () => {
  manager.dispose();
  hosts.dispose();
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

/** All extensions of this installation share a process. */
function pidOf(): number | undefined {
  const found = scanExtensions(
    { development: [], builtIn: join(installed.root, 'extensions'), installed: '' },
    '0.1.0',
  );
  const [first] = found;
  return first && hosts.hostOf(first).pid;
}

const problem = (code: string): object => ({ problem: expect.objectContaining({ code }) as object });
const stateOf = (id: string): string | undefined => manager.list().find((each) => each.id === id)?.state;

async function activate(): Promise<void> {
  // The rig has codecs of its own; those of the installation are refused as taken, which is no matter here.
  manager.load();
  await manager.activateAll();
}

describe('the extension host', () => {
  it('activates extensions; one that throws or does not fit is reported and stops nobody', async () => {
    await activate();
    expect(stateOf('test.finder')).toBe('active');
    expect(manager.list().find((each) => each.id === 'test.broken')).toMatchObject({
      state: 'disabled',
      reason: 'activationFailed',
      problem: { message: 'it is broken' },
    });
    expect(manager.list().find((each) => each.id === 'test.foreign')).toMatchObject({
      state: 'disabled',
      reason: 'engine',
      problem: { code: 'unsupported', field: 'engines.tutti' },
    });
    expect(manager.list().find((each) => each.id === 'escaping')).toMatchObject({ reason: 'invalid' });
  });

  it('keeps values for an extension, also while it is disabled, to its last word', async () => {
    await activate();
    const kept = (key: string): Promise<unknown> => rig.storages.get('test.keeper', key);
    expect(await kept('seen')).toEqual(['invalid', ['runs']]);
    await manager.disable('test.keeper', {});
    await until('the last word', async () => (await kept('last')) === 'said');
    await manager.enable('test.keeper');
    expect(await kept('runs')).toBe(2);
  });

  it('carries discoveries and hooks, with settings and interfaces that change', async () => {
    await activate();
    await until('the session', () => rig.catalogue.list().length === 1);
    expect(rig.catalogue.list()[0]).toMatchObject({
      description: { information: 'seen' },
      seenBy: [{ provider: 'finder', source: '10.0.0.77' }],
    });
    rig.interfaces.set(eth1);
    await until('news of the interfaces', () => rig.catalogue.list().length === 2);
    expect(await rig.pipelines.sdpWillPublish.run('v=0\r\n', 's1')).toBe('v=0\r\na=x-test\r\n');
  });

  it('carries what a source says of receptions, bounded, and releases them one by one and with the extension', async () => {
    await activate();
    await until('the sources', () => rig.registries.sources.size === 2);
    const source = rig.registries.sources.get('test');
    expect(await source?.describe('test://x')).toBe('sdp of test://x');
    const said: string[] = [];
    const sink = {
      described: (sdp: string) => void said.push(sdp),
      opened: () => void said.push('opened'),
      failed: (reason: string) => void said.push(`failed ${reason.length}`),
    };
    const lines: string[] = [];
    const log = vi.spyOn(rig.log, 'info').mockImplementation((code, message) => {
      if (code.startsWith('test.re')) lines.push(message);
    });
    const transport = { control: 'track', address: '10.0.0.2', port: 5006 };
    const first = await source?.receive?.({ url: 'test://one', transport }, sink);
    await source?.receive?.({ url: 'test://two', transport }, sink);
    await until('both to be open', () => said.filter((each) => each === 'opened').length === 2);
    expect(said.slice(0, 3)).toEqual(['new sdp', 'failed 512', 'opened']);
    expect(lines).toContain('test://one 10.0.0.2:5006 track');
    first?.dispose();
    await until('the first to be released', () => lines.at(-1) === 'test://one');
    await expect(source?.receive?.({ url: 'test://three' }, sink)).rejects.toThrow('nothing to do');
    const once = rig.registries.sources.get('once')?.receive?.({ url: 'once://x', transport }, sink);
    await expect(once).rejects.toMatchObject(problem('unsupported'));
    await manager.disable('test.finder');
    await until('the second to be released', () => lines.at(-1) === 'test://two');
    log.mockRestore();
  });

  it('disposes what an extension registered when it is disabled, and brings it back when enabled', async () => {
    await activate();
    await until('registered', () => rig.registries.publishers.size === 1);
    await manager.disable('test.finder');
    expect([rig.registries.discovery.size, rig.registries.publishers.size]).toEqual([0, 0]);
    expect(rig.pipelines.sessionParsed.size).toBe(0);
    expect(rig.state.current.disabledExtensions).toEqual(['test.finder']);
    expect((await manager.enable('test.finder')).state).toBe('active');
    await until('registered again', () => rig.registries.discovery.size === 1);
    await expect(manager.enable('test.nobody')).rejects.toMatchObject({ problem: { code: 'notFound' } });
  });

  it('disposes everything when its process is killed, and starts it anew', async () => {
    await activate();
    await until('registered', () => rig.registries.publishers.size === 1);
    const pid = pidOf() ?? 0;
    let emptied = false;
    const watch = hosts.onDidDie(() => {
      emptied =
        rig.registries.discovery.size + rig.registries.publishers.size + rig.pipelines.sessionParsed.size ===
        0;
    });
    process.kill(pid, 'SIGKILL');
    await until(
      'active again',
      () => stateOf('test.finder') === 'active' && pidOf() !== undefined && pidOf() !== pid,
    );
    watch.dispose();
    expect(emptied).toBe(true);
    await until('registered again', () => rig.registries.discovery.size === 1);
    await until('found again', () => rig.catalogue.list()[0]?.state === 'announced');
  });

  it('does not lose a session to a hook that throws, answers nonsense, or dies with its process', async () => {
    await activate();
    await until('tapped', () => rig.pipelines.sessionParsed.size === 1);
    const session = rig.catalogue.list()[0]?.description;
    await until('a session', () => rig.catalogue.list().length > 0);
    const known = session ?? rig.catalogue.list()[0]?.description;
    if (known === undefined) throw new Error('no session');
    expect(await rig.pipelines.sessionParsed.run({ ...known, name: 'throw' }, '')).toMatchObject({
      name: 'throw',
    });
    const nonsense = { ...known, name: 'nonsense' };
    expect(await rig.pipelines.sessionParsed.run(nonsense, '')).toEqual(nonsense);
    expect(await rig.pipelines.sessionParsed.run({ ...known, name: 'crash' }, '')).toMatchObject({
      name: 'crash',
    });
  });
});
