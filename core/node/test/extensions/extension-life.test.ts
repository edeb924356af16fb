import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Emitter, type Problem } from '@tutti/base';
import type { ExtensionInfo } from '@tutti/common';
import { runCommand } from '../../src/contributions/run-command.ts';
import { NativeCrashes } from '../../src/engine/native-crashes.ts';
import { ExtensionManager } from '../../src/extensions/extension-manager.ts';
import type { ForkedExtensionHosts } from '../../src/extensions/extension-hosts.ts';
import { ExtensionStore } from '../../src/extensions/extension-store.ts';
import { scanExtensions } from '../../src/extensions/scan.ts';
import { announcedSdp } from '@tutti/test';
import { installation, writeExtension } from '../support/installation.ts';
import { Rig } from '../support/rig.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const version = '0.1.0';
const provider = `api.discovery.registerProvider({ id: 'p-' + process.pid, async start() { return { dispose() {} }; } });`;

let shipped: Awaited<ReturnType<typeof installation>>;
let sources: ReturnType<typeof temporaryFolder>;
let rig: Rig;
let hosts: ForkedExtensionHosts;
let crashes: NativeCrashes;
let manager: ExtensionManager;
/** What the engine says of libraries. */
const libraryProblems = new Map<string, Problem>();
const librariesChanged = new Emitter<void>();
let store: ExtensionStore;

beforeAll(async () => {
  shipped = await installation();
  sources = temporaryFolder();
});
afterAll(() => {
  shipped.dispose();
  sources.dispose();
});
beforeEach(async () => {
  rig = await new Rig().start();
  start();
});
afterEach(async () => {
  manager.dispose();
  crashes.dispose();
  await hosts.close();
  hosts.dispose();
  await until('no process of an extension', () => extensionProcesses().length === 0);
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

/** A host's services, as after a restart. The rig has codecs of its own, so nothing is shipped here. */
function start(safeMode = false): void {
  const { registries, log, configuration, state, folder } = rig;
  const installed = join(folder.path, 'installed');
  store = new ExtensionStore(installed);
  hosts = rig.extensionHosts(join(shipped.root, 'dist'), version);
  const scan = (): ReturnType<typeof scanExtensions> =>
    scanExtensions({ development: [], builtIn: '/nowhere', installed }, version);
  crashes = new NativeCrashes(rig.engine, rig.paths.engineCrash);
  const onNativeCrash = crashes.onDidCrash;
  manager = new ExtensionManager({
    scan,
    registries,
    configuration,
    state,
    hosts,
    onNativeCrash,
    native: { problemOf: (id) => libraryProblems.get(id), onDidChange: librariesChanged.event },
    safeMode,
    log,
  });
  manager.load();
}

async function install(name: string, activate: string, manifest: object = {}): Promise<ExtensionInfo> {
  await store.install(writeExtension(sources.path, { name, activate, manifest: { ...manifest } }));
  await manager.rescan();
  return info(`test.${name}`);
}

function info(id: string): ExtensionInfo {
  const found = manager.list().find((each) => each.id === id);
  if (found === undefined) throw new Error(`${id} is not there`);
  return found;
}

/** Processes of extensions that this test started. */
function extensionProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(shipped.root, 'dist/exthost.js'));
      } catch {
        return false; // it ended meanwhile
      }
    });
}

/** What processes of extensions may read. */
function sandboxes(): readonly string[] {
  return readdirSync(join(rig.folder.path, 'installed')).filter((name) => name.startsWith('.process-'));
}

/** So many are in use, and one is up for the next, as soon as there was a first. */
async function inUse(count: number): Promise<void> {
  await until(`${count} in use, one ready`, () => extensionProcesses().length === count + 1);
}

describe('an extension from outside', () => {
  it('is used as soon as it is installed, in a process of its own, and gone as soon as it is removed', async () => {
    expect(await install('one', provider)).toMatchObject({ state: 'active', origin: 'installed' });
    expect(await install('two', provider)).toMatchObject({ state: 'active' });
    await until('both', () => rig.registries.discovery.size === 2);
    await inUse(2);
    await store.uninstall('test.one');
    await manager.rescan();
    await inUse(1);
    expect(rig.registries.discovery.size).toBe(1);
    expect(manager.list().map((each) => each.id)).toEqual(['test.two']);
  });

  it('is started anew when it is updated', async () => {
    await install('one', `api.log.info('x', 'x');`);
    expect(await install('one', provider, { version: '1.1.0' })).toMatchObject({
      state: 'active',
      version: '1.1.0',
    });
    await until('the new one registers', () => rig.registries.discovery.size === 1);
    await inUse(1);
  });

  it('waits for what it needs, and goes before what it needs', async () => {
    expect(await install('upper', '', { extensionDependencies: ['test.lower'] })).toMatchObject({
      state: 'disabled',
      reason: 'missingDependency',
    });
    await install('lower', '');
    expect([info('test.upper').state, info('test.lower').state]).toEqual(['active', 'active']);
    await expect(manager.disable('test.lower')).rejects.toMatchObject({
      problem: { code: 'conflict', message: expect.stringContaining('test.upper') as string },
    });
    await manager.disable('test.lower', { force: true });
    expect(info('test.upper')).toMatchObject({ state: 'disabled', reason: 'dependencyDisabled' });
    expect(info('test.lower')).toMatchObject({ state: 'disabled', reason: 'byUser' });
    await manager.enable('test.lower');
    expect(info('test.upper').state).toBe('active');
  });

  describe('whose contributions are wanted now and then', () => {
    const contributes = { commands: [{ command: 'lazy.greet', title: 'Greet' }] };
    const greeting = `api.commands.registerCommand('lazy.greet', ({ name }) => 'Hello ' + name);`;

    it('runs from the first time that one is', async () => {
      expect(await install('lazy', greeting, { contributes })).toMatchObject({ state: 'registered' });
      expect(extensionProcesses()).toHaveLength(0);
      const both = ['A', 'B'].map((name) => runCommand(rig.registries, 'lazy.greet', { name }));
      expect(await Promise.all(both)).toEqual(['Hello A', 'Hello B']);
      expect(info('test.lazy').state).toBe('active');
      await inUse(1);
      await manager.disable('test.lazy');
      expect(await manager.enable('test.lazy')).toMatchObject({ state: 'registered' });
      await inUse(0);
    });

    it('brings what it needs along', async () => {
      await install('needed', greeting, { contributes });
      const more = {
        extensionDependencies: ['test.needed'],
        contributes: { commands: [{ command: 'more.greet', title: 'Greet' }] },
      };
      await install('more', greeting.replaceAll('lazy', 'more'), more);
      expect(await runCommand(rig.registries, 'more.greet', { name: 'C' })).toBe('Hello C');
      expect([info('test.needed').state, info('test.more').state]).toEqual(['active', 'active']);
    });

    it('is wanted by another while that one starts, and neither waits for ever', async () => {
      await install('lazy', greeting, { contributes });
      await install(
        'eager',
        `api.log.info('greeted', await api.commands.executeCommand('lazy.greet', { name: 'D' }));`,
      );
      expect(info('test.eager').state).toBe('active');
      expect(info('test.lazy').state).toBe('active');
    });

    it('runs at once when it says so, and is out of use when it fails', async () => {
      const atOnce = { contributes, activationEvents: ['onStartup'] };
      expect(await install('lazy', greeting, atOnce)).toMatchObject({ state: 'active' });
      const other = { contributes: { commands: [{ command: 'bad.greet', title: 'Greet' }] } };
      expect(await install('bad', `throw new Error('no such luck');`, other)).toMatchObject({
        state: 'registered',
      });
      await expect(runCommand(rig.registries, 'bad.greet')).rejects.toMatchObject({
        problem: { code: 'unavailable', field: 'id' },
      });
      await until('it is refused', () => info('test.bad').state === 'disabled');
      expect(info('test.bad')).toMatchObject({
        reason: 'activationFailed',
        problem: { message: expect.stringContaining('no such luck') as string },
      });
    });
  });

  it('that needs itself in a circle is not used, and says who needs whom', async () => {
    await install('a', '', { extensionDependencies: ['test.b'] });
    await install('b', '', { extensionDependencies: ['test.a'] });
    expect(info('test.a')).toMatchObject({ state: 'disabled', reason: 'dependencyCycle' });
    expect(info('test.b').problem?.message).toContain('needs each other'.replace('needs', 'need'));
  });

  it('that crashes is started anew, and after three deaths in five minutes it is quarantined', async () => {
    await install('bomb', `${provider} setTimeout(() => process.exit(7), 20);`);
    await until('quarantine', () => info('test.bomb').state === 'quarantined', 10_000);
    expect(info('test.bomb')).toMatchObject({ reason: 'crashed' });
    expect(info('test.bomb').problem?.message).toContain('code 7');
    expect(rig.registries.discovery.size).toBe(0);
    // Still so after a restart; a person may try it again.
    manager.dispose();
    await hosts.close();
    hosts.dispose();
    start();
    await manager.activateAll();
    expect(info('test.bomb').state).toBe('quarantined');
    await install('bomb', provider);
    expect(await manager.enable('test.bomb')).toMatchObject({ state: 'active' });
  });

  it('that hangs is found within 3 s and killed', async () => {
    await install('stuck', `api.hooks.sdpWillPublish(async () => { for (;;); });`);
    await until('tapped', () => rig.pipelines.sdpWillPublish.size === 1);
    const deaths: { reason: string; after: number }[] = [];
    const began = performance.now();
    const watch = hosts.onDidDie(({ reason }) => deaths.push({ reason, after: performance.now() - began }));
    expect(await rig.pipelines.sdpWillPublish.run('v=0\r\n', 's1')).toBe('v=0\r\n');
    await until('it is found', () => deaths.length === 1, 10_000);
    watch.dispose();
    expect(deaths[0]).toMatchObject({ reason: 'unresponsive' });
  });

  it.each([
    ['and answers meanwhile', ''],
    // What is left to the bound it takes at once: where new memory comes slowly all of it would be a hang before it is too much.
    ['and then does nothing else', 'if (all.length > 23) { while (all.length < 36) eat(); for (;;); }'],
  ])(
    'that eats memory %s is ended for that',
    async (_, atLast) => {
      const deaths: string[] = [];
      const watch = hosts.onDidDie(({ message }) => deaths.push(message));
      const eat = `const all = []; const eat = () => all.push(Buffer.alloc(16 * 1024 * 1024, 1));`;
      await install('eater', `${eat} setInterval(() => { eat(); ${atLast} }, 10);`);
      await until('it is ended', () => deaths.length > 0, 30_000);
      watch.dispose();
      expect(deaths[0]).toMatch(/more than 512 MB/);
      await manager.disable('test.eater');
    },
    60_000,
  );

  it('may not write files, start programs or read what is not its own', async () => {
    const attempt = `
      const { writeFileSync, readFileSync } = await import('node:fs');
      const { execSync } = await import('node:child_process');
      const tries = { write: () => writeFileSync('/var/tmp/tutti-was-here', 'x'), read: () => readFileSync('/etc/passwd'), run: () => execSync('true') };
      for (const [name, act] of Object.entries(tries)) {
        try { act(); api.log.info('test.could', name); api.hooks.sdpWillPublish(async (sdp) => sdp + name); } catch {}
      }
      ${provider}`;
    expect(await install('curious', attempt)).toMatchObject({ state: 'active' });
    await until('registered', () => rig.registries.discovery.size === 1);
    expect(rig.pipelines.sdpWillPublish.size).toBe(0);
  });

  it('with native code is not loaded until somebody says so, naming what it loads', async () => {
    const contributes = { native: [{ kind: 'codec', id: 'X8', abi: 1, library: 'library' }] };
    expect(await install('codec', '', { contributes })).toMatchObject({
      state: 'disabled',
      reason: 'untrusted',
    });
    expect(info('test.codec').problem?.message).toContain('library');
    expect(rig.registries.codecs.get('X8')).toBeUndefined();
    expect(await manager.trust('test.codec')).toMatchObject({ state: 'active' });
    expect(rig.registries.codecs.get('X8')).toMatchObject({ extension: 'test.codec' });
    // Another version is other code.
    expect(await install('codec', '', { contributes, version: '2.0.0' })).toMatchObject({
      reason: 'untrusted',
    });
  });

  it('whose native code crashed the engine is quarantined at once, and the report is read once', async () => {
    const contributes = { native: [{ kind: 'codec', id: 'X8', abi: 1, library: 'library' }] };
    await install('codec', '', { contributes });
    await manager.trust('test.codec');
    const library = rig.registries.codecs.get('X8')?.path ?? '';
    writeFileSync(rig.paths.engineCrash, `${library}\n11\n`);
    crashes.look();
    crashes.look();
    await until('the quarantine', () => info('test.codec').state === 'quarantined');
    expect(info('test.codec')).toMatchObject({
      reason: 'crashed',
      problem: {
        message: expect.stringMatching(/library\.so\) crashed the engine with signal 11/) as string,
      },
    });
    expect(rig.registries.codecs.get('X8')).toBeUndefined();
    expect(readFileSync(rig.paths.engineCrash, 'utf8')).toBe('');
    expect(await manager.enable('test.codec')).toMatchObject({ state: 'active' });
  });

  it('for another ABI is refused with a reason', async () => {
    const contributes = { native: [{ kind: 'codec', id: 'X8', abi: 9, library: 'library' }] };
    await install('old', '', { contributes });
    expect(await manager.trust('test.old')).toMatchObject({ state: 'disabled', reason: 'abi' });
  });

  it('whose library is not what its manifest says is taken out, and tried again when somebody says so', async () => {
    const native = [{ kind: 'codec', id: 'L99', abi: 1, library: 'library' }];
    await install('codec', '', { contributes: { native } });
    expect(await manager.trust('test.codec')).toMatchObject({ state: 'active' });
    const problem: Problem = {
      code: 'unsupported',
      message: 'library.so: its codec speaks ABI 2, the engine 1',
    };
    libraryProblems.set('codec:L99', problem);
    librariesChanged.fire();
    await until('it is out', () => info('test.codec').state === 'disabled');
    expect(info('test.codec')).toMatchObject({ reason: 'abi', problem });
    expect(rig.registries.codecs.get('L99')).toBeUndefined();
    libraryProblems.clear();
    librariesChanged.fire();
    expect(info('test.codec').state).toBe('disabled');
    expect(await manager.enable('test.codec')).toMatchObject({ state: 'active' });
    await manager.disable('test.codec');
    expect(librariesChanged.listenerCount).toBe(1);
  });

  it('whose codec is in use is not disabled before that was confirmed', async () => {
    const contributes = { native: [{ kind: 'codec', id: 'L8', abi: 1, library: 'library' }] };
    await install('eight', '', { contributes });
    await manager.trust('test.eight');
    const { id } = await rig.streams.addReceiver({ sdp: announcedSdp().replaceAll('L24', 'L8') });
    await expect(manager.disable('test.eight')).rejects.toMatchObject({
      problem: { code: 'conflict', message: expect.stringContaining(`receivers ${id}`) as string },
    });
    expect(manager.impactOf('test.eight')).toEqual({
      dependents: [],
      receivers: [id],
      senders: [],
      clock: false,
    });
    await manager.disable('test.eight', { force: true });
    await until('the receiver says why', () => rig.reconciler.problemOf(id)?.code === 'unsupported');
  });

  it('is left out in safe mode', async () => {
    await install('one', provider);
    manager.dispose();
    await hosts.close();
    hosts.dispose();
    start(true);
    await manager.activateAll();
    expect(info('test.one')).toMatchObject({ state: 'disabled', reason: 'safeMode' });
    expect(extensionProcesses()).toEqual([]);
  });

  it('survives a hundred rounds of disabling and enabling without leaving anything', async () => {
    await install('round', provider);
    for (let round = 0; round < 100; ++round) {
      await manager.disable('test.round');
      expect(rig.registries.discovery.size).toBe(0);
      await manager.enable('test.round');
    }
    await until('registered', () => rig.registries.discovery.size === 1);
    await inUse(1);
    expect(sandboxes()).toHaveLength(1);
  }, 60_000);

  describe('in a process that was up before it was known for whom', () => {
    const reader = `
      const { readFileSync } = await import('node:fs');
      const read = (path) => { try { return readFileSync(path, 'utf8').length > 0; } catch ({ code }) { return code; } };
      api.commands.registerCommand('reader.own', () => read(new URL('../package.json', import.meta.url)));
      api.commands.registerCommand('reader.any', ({ path }) => read(path));`;
    const commands = ['own', 'any'].map((name) => ({ command: `reader.${name}`, title: name }));

    it('reads its own folder and no other', async () => {
      await install('other', provider);
      await inUse(1);
      const [spare] = extensionProcesses().slice(-1);
      await install('reader', reader, { contributes: { commands }, activationEvents: ['onStartup'] });
      expect(await runCommand(rig.registries, 'reader.own', {})).toBe(true);
      expect(extensionProcesses(), 'the one that was ready').toContain(spare);
      for (const folder of ['test.other', ...sandboxes().map((each) => `${each}/test.other`)]) {
        const path = join(rig.folder.path, 'installed', folder, 'package.json');
        expect(await runCommand(rig.registries, 'reader.any', { path }), path).not.toBe(true);
      }
    });

    it('does not need it', async () => {
      await install('one', provider);
      await inUse(1);
      for (const pid of extensionProcesses().slice(-1)) process.kill(pid, 'SIGKILL');
      await until('it is gone', () => extensionProcesses().length === 1);
      expect(await install('two', provider)).toMatchObject({ state: 'active' });
      await inUse(2);
      await store.uninstall('test.two');
      await manager.rescan();
      expect(sandboxes(), 'what its process read').toHaveLength(1);
    });
  });
});
