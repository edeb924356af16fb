import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '@tutti/base';
import { extensionMethods } from '@tutti/common';
import { runCommand } from '../../src/contributions/run-command.ts';
import { announcedSdp } from '@tutti/test';
import { provider, useManagedExtensions } from '../support/managed-extensions.ts';
import { until } from '../support/until.ts';

const extensions = useManagedExtensions();

describe('an extension from outside', () => {
  it('is used as soon as it is installed, in a process of its own, and gone as soon as it is removed', async () => {
    expect(await extensions().install('one', provider)).toMatchObject({
      state: 'active',
      origin: 'installed',
    });
    expect(await extensions().install('two', provider)).toMatchObject({ state: 'active' });
    await until('both', () => extensions().rig.registries.discovery.size === 2);
    await extensions().inUse(2);
    await extensions().store.uninstall('test.one');
    await extensions().manager.rescan();
    await extensions().inUse(1);
    expect(extensions().rig.registries.discovery.size).toBe(1);
    expect(
      extensions()
        .manager.list()
        .map((each) => each.id),
    ).toEqual(['test.two']);
  });

  it('is started anew when it is updated', async () => {
    await extensions().install('one', `api.log.info('x', 'x');`);
    expect(await extensions().install('one', provider, { version: '1.1.0' })).toMatchObject({
      state: 'active',
      version: '1.1.0',
    });
    await until('the new one registers', () => extensions().rig.registries.discovery.size === 1);
    await extensions().inUse(1);
  });

  it('waits for what it needs, and goes before what it needs', async () => {
    expect(await extensions().install('upper', '', { extensionDependencies: ['test.lower'] })).toMatchObject({
      state: 'disabled',
      reason: 'missingDependency',
    });
    await extensions().install('lower', '');
    expect([extensions().info('test.upper').state, extensions().info('test.lower').state]).toEqual([
      'active',
      'active',
    ]);
    await expect(extensions().manager.disable('test.lower')).rejects.toMatchObject({
      problem: { code: 'conflict', message: expect.stringContaining('test.upper') as string },
    });
    await extensions().manager.disable('test.lower', { force: true });
    expect(extensions().info('test.upper')).toMatchObject({
      state: 'disabled',
      reason: 'dependencyDisabled',
    });
    expect(extensions().info('test.lower')).toMatchObject({ state: 'disabled', reason: 'byUser' });
    await extensions().manager.enable('test.lower');
    expect(extensions().info('test.upper').state).toBe('active');
  });

  describe('whose contributions are wanted now and then', () => {
    const contributes = { commands: [{ command: 'lazy.greet', title: 'Greet' }] };
    const greeting = `api.commands.registerCommand('lazy.greet', ({ name }) => 'Hello ' + name);`;

    it('runs from the first time that one is', async () => {
      expect(await extensions().install('lazy', greeting, { contributes })).toMatchObject({
        state: 'registered',
      });
      expect(extensions().processes()).toHaveLength(0);
      const both = ['A', 'B'].map((name) => runCommand(extensions().rig.registries, 'lazy.greet', { name }));
      expect(await Promise.all(both)).toEqual(['Hello A', 'Hello B']);
      expect(extensions().info('test.lazy').state).toBe('active');
      await extensions().inUse(1);
      await extensions().manager.disable('test.lazy');
      expect(await extensions().manager.enable('test.lazy')).toMatchObject({ state: 'registered' });
      await extensions().inUse(0);
    });

    it('brings what it needs along', async () => {
      await extensions().install('needed', greeting, { contributes });
      const more = {
        extensionDependencies: ['test.needed'],
        contributes: { commands: [{ command: 'more.greet', title: 'Greet' }] },
      };
      await extensions().install('more', greeting.replaceAll('lazy', 'more'), more);
      expect(await runCommand(extensions().rig.registries, 'more.greet', { name: 'C' })).toBe('Hello C');
      expect([extensions().info('test.needed').state, extensions().info('test.more').state]).toEqual([
        'active',
        'active',
      ]);
    });

    it('is wanted by another while that one starts, and neither waits for ever', async () => {
      await extensions().install('lazy', greeting, { contributes });
      await extensions().install(
        'eager',
        `api.log.info('greeted', await api.commands.executeCommand('lazy.greet', { name: 'D' }));`,
      );
      expect(extensions().info('test.eager').state).toBe('active');
      expect(extensions().info('test.lazy').state).toBe('active');
    });

    it('may run its own while it starts', async () => {
      const own = `${greeting} api.log.info('greeted', await api.commands.executeCommand('lazy.greet', { name: 'E' }));`;
      await extensions().install('lazy', own, { contributes });
      const greeted = runCommand(extensions().rig.registries, 'lazy.greet', { name: 'F' });
      expect(await greeted).toBe('Hello F');
      expect(extensions().info('test.lazy').state).toBe('active');
    });

    it('cannot be taken by another that calls itself the same', async () => {
      await extensions().install('lazy', greeting, { contributes });
      const registration = { handle: 1000, extension: 'test.lazy', kind: 'command', id: 'lazy.greet' };
      const forged = { jsonrpc: '2.0', method: extensionMethods.registered, params: registration };
      await extensions().install('evil', `process.send(${JSON.stringify(forged)}); ${provider}`);
      await until('it is through', () => extensions().rig.registries.discovery.size === 1);
      expect(extensions().rig.registries.commands.get('lazy.greet')).toBeUndefined();
      const greeted = runCommand(extensions().rig.registries, 'lazy.greet', { name: 'G' });
      expect(await greeted).toBe('Hello G');
    });

    it('runs at once when it says so, and is out of use when it fails', async () => {
      const atOnce = { contributes, activationEvents: ['onStartup'] };
      expect(await extensions().install('lazy', greeting, atOnce)).toMatchObject({ state: 'active' });
      const other = { contributes: { commands: [{ command: 'bad.greet', title: 'Greet' }] } };
      expect(await extensions().install('bad', `throw new Error('no such luck');`, other)).toMatchObject({
        state: 'registered',
      });
      await expect(runCommand(extensions().rig.registries, 'bad.greet')).rejects.toMatchObject({
        problem: { code: 'unavailable', field: 'id' },
      });
      await until('it is refused', () => extensions().info('test.bad').state === 'disabled');
      expect(extensions().info('test.bad')).toMatchObject({
        reason: 'activationFailed',
        problem: { message: expect.stringContaining('no such luck') as string },
      });
    });
  });

  it('that needs itself in a circle is not used, and says who needs whom', async () => {
    await extensions().install('a', '', { extensionDependencies: ['test.b'] });
    await extensions().install('b', '', { extensionDependencies: ['test.a'] });
    expect(extensions().info('test.a')).toMatchObject({ state: 'disabled', reason: 'dependencyCycle' });
    expect(extensions().info('test.b').problem?.message).toContain('need each other');
  });

  it('may not write files, start programs or read what is not its own', async () => {
    const attempt = `
      const { writeFileSync, readFileSync } = await import('node:fs');
      const { execSync } = await import('node:child_process');
      const tries = { write: () => writeFileSync('/var/tmp/tutti-was-here', 'x'), read: () => readFileSync('/etc/passwd'), run: () => execSync('true') };
      for (const [name, act] of Object.entries(tries)) {
        try { act(); api.log.info('test.could', name); api.hooks.sdpWillPublish(async (sdp) => sdp + name); } catch {}
      }
      ${provider}`;
    expect(await extensions().install('curious', attempt)).toMatchObject({ state: 'active' });
    await until('registered', () => extensions().rig.registries.discovery.size === 1);
    expect(extensions().rig.pipelines.sdpWillPublish.size).toBe(0);
  });

  it('with native code is not loaded until somebody says so, naming what it loads', async () => {
    const contributes = { native: [{ kind: 'codec', id: 'X8', abi: 1, library: 'library' }] };
    expect(await extensions().install('codec', '', { contributes })).toMatchObject({
      state: 'disabled',
      reason: 'untrusted',
    });
    expect(extensions().info('test.codec').problem?.message).toContain('library');
    expect(extensions().rig.registries.codecs.get('X8')).toBeUndefined();
    expect(await extensions().manager.trust('test.codec')).toMatchObject({ state: 'active' });
    expect(extensions().rig.registries.codecs.get('X8')).toMatchObject({ extension: 'test.codec' });
    // Another version is other code.
    expect(await extensions().install('codec', '', { contributes, version: '2.0.0' })).toMatchObject({
      reason: 'untrusted',
    });
    // So is another package that calls itself the same; the one that was trusted stays trusted.
    const other = await extensions().install('codec', '', { contributes }, 'other code');
    expect(other).toMatchObject({ version: '1.0.0', reason: 'untrusted' });
    expect(await extensions().install('codec', '', { contributes })).toMatchObject({ state: 'active' });
  });

  it('for another ABI is refused with a reason', async () => {
    const contributes = { native: [{ kind: 'codec', id: 'X8', abi: 9, library: 'library' }] };
    await extensions().install('old', '', { contributes });
    expect(await extensions().manager.trust('test.old')).toMatchObject({ state: 'disabled', reason: 'abi' });
  });

  it('whose library is not what its manifest says is taken out, and tried again when somebody says so', async () => {
    const native = [{ kind: 'codec', id: 'L99', abi: 1, library: 'library' }];
    await extensions().install('codec', '', { contributes: { native } });
    expect(await extensions().manager.trust('test.codec')).toMatchObject({ state: 'active' });
    const problem: Problem = {
      code: 'unsupported',
      message: 'library.so: its codec speaks ABI 2, the engine 1',
    };
    extensions().libraryProblems.set('codec:L99', problem);
    extensions().librariesChanged.fire();
    await until('it is out', () => extensions().info('test.codec').state === 'disabled');
    expect(extensions().info('test.codec')).toMatchObject({ reason: 'abi', problem });
    expect(extensions().rig.registries.codecs.get('L99')).toBeUndefined();
    extensions().libraryProblems.clear();
    extensions().librariesChanged.fire();
    expect(extensions().info('test.codec').state).toBe('disabled');
    expect(await extensions().manager.enable('test.codec')).toMatchObject({ state: 'active' });
    await extensions().manager.disable('test.codec');
    expect(extensions().librariesChanged.listenerCount).toBe(1);
  });

  it('whose codec is in use is not disabled before that was confirmed', async () => {
    const contributes = { native: [{ kind: 'codec', id: 'L8', abi: 1, library: 'library' }] };
    await extensions().install('eight', '', { contributes });
    await extensions().manager.trust('test.eight');
    const { id } = await extensions().rig.streams.addReceiver({
      sdp: announcedSdp().replaceAll('L24', 'L8'),
    });
    await expect(extensions().manager.disable('test.eight')).rejects.toMatchObject({
      problem: { code: 'conflict', message: expect.stringContaining(`receivers ${id}`) as string },
    });
    expect(extensions().manager.impactOf('test.eight')).toEqual({
      dependents: [],
      receivers: [id],
      senders: [],
      clock: false,
    });
    await extensions().manager.disable('test.eight', { force: true });
    await until(
      'the receiver says why',
      () => extensions().rig.reconciler.problemOf(id)?.code === 'unsupported',
    );
  });

  it('is left out in safe mode', async () => {
    await extensions().install('one', provider);
    await extensions().restart(true);
    expect(extensions().info('test.one')).toMatchObject({ state: 'disabled', reason: 'safeMode' });
    expect(extensions().processes()).toEqual([]);
  });

  it('survives a hundred rounds of disabling and enabling without leaving anything', async () => {
    await extensions().install('round', provider);
    for (let round = 0; round < 100; ++round) {
      await extensions().manager.disable('test.round');
      expect(extensions().rig.registries.discovery.size).toBe(0);
      await extensions().manager.enable('test.round');
    }
    await until('registered', () => extensions().rig.registries.discovery.size === 1);
    await extensions().inUse(1);
    expect(extensions().sandboxes()).toHaveLength(1);
  }, 60_000);

  describe('in a process that was up before it was known for whom', () => {
    const reader = `
      const { readFileSync } = await import('node:fs');
      const read = (path) => { try { return readFileSync(path, 'utf8').length > 0; } catch ({ code }) { return code; } };
      api.commands.registerCommand('reader.own', () => read(new URL('../package.json', import.meta.url)));
      api.commands.registerCommand('reader.any', ({ path }) => read(path));`;
    const commands = ['own', 'any'].map((name) => ({ command: `reader.${name}`, title: name }));

    it('reads its own folder and no other', async () => {
      await extensions().install('other', provider);
      await extensions().inUse(1);
      const [spare] = extensions().processes().slice(-1);
      await extensions().install('reader', reader, {
        contributes: { commands },
        activationEvents: ['onStartup'],
      });
      expect(await runCommand(extensions().rig.registries, 'reader.own', {})).toBe(true);
      expect(extensions().processes(), 'the one that was ready').toContain(spare);
      for (const folder of [
        'test.other',
        ...extensions()
          .sandboxes()
          .map((each) => `${each}/test.other`),
      ]) {
        const path = join(extensions().rig.folder.path, 'installed', folder, 'package.json');
        expect(await runCommand(extensions().rig.registries, 'reader.any', { path }), path).not.toBe(true);
      }
    });

    it('does not need it', async () => {
      await extensions().install('one', provider);
      await extensions().inUse(1);
      for (const pid of extensions().processes().slice(-1)) process.kill(pid, 'SIGKILL');
      await until('it is gone', () => extensions().processes().length === 1);
      expect(await extensions().install('two', provider)).toMatchObject({ state: 'active' });
      await extensions().inUse(2);
      await extensions().store.uninstall('test.two');
      await extensions().manager.rescan();
      expect(extensions().sandboxes(), 'what its process read').toHaveLength(1);
    });
  });
});
