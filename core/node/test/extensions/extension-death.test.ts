import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { provider, useManagedExtensions } from '../support/managed-extensions.ts';
import { until } from '../support/until.ts';

const extensions = useManagedExtensions();

describe('an extension from outside', () => {
  it('that crashes is started anew, and after three deaths in five minutes it is quarantined', async () => {
    await extensions().install('bomb', `${provider} setTimeout(() => process.exit(7), 20);`);
    await until('quarantine', () => extensions().info('test.bomb').state === 'quarantined', 10_000);
    expect(extensions().info('test.bomb')).toMatchObject({ reason: 'crashed' });
    expect(extensions().info('test.bomb').problem?.message).toContain('code 7');
    expect(extensions().rig.registries.discovery.size).toBe(0);
    // Still so after a restart; a person may try it again.
    await extensions().restart();
    expect(extensions().info('test.bomb').state).toBe('quarantined');
    await extensions().install('bomb', provider);
    expect(await extensions().manager.enable('test.bomb')).toMatchObject({ state: 'active' });
  });

  it.each([
    ['before it is active', `process.exit(7);`],
    ['by leaving its host', `${provider} setTimeout(() => process.disconnect(), 20);`],
    [
      'by leaving its host and going on',
      `${provider} process.removeAllListeners('disconnect'); setInterval(() => undefined, 1000); process.disconnect();`,
    ],
  ])('that dies each time %s is quarantined as well', async (_, activate) => {
    await extensions().install('bomb', activate);
    await until('quarantine', () => extensions().info('test.bomb').state === 'quarantined', 20_000);
    expect(extensions().info('test.bomb')).toMatchObject({ reason: 'crashed' });
    expect(extensions().rig.registries.discovery.size).toBe(0);
    await until('only one that is ready is left', () => extensions().processes().length === 1);
  });

  it('that sends what nobody can read is ended, and not its host', async () => {
    const deaths: string[] = [];
    const watch = extensions().hosts.onDidDie(({ message }) => deaths.push(message));
    const nonsense = JSON.stringify({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: null } });
    await extensions().install('liar', `${provider} process.send(${nonsense});`);
    await until('it is ended', () => deaths.length > 0);
    watch.dispose();
    expect(deaths[0]).toContain('sent what nobody can read');
    await extensions().manager.disable('test.liar');
  });

  it('that says a line without an end is heard up to a bound, and what it says then as well', async () => {
    const lines: string[] = [];
    const log = vi.spyOn(extensions().rig.log, 'info').mockImplementation((code, message) => {
      if (code === 'extension.console') lines.push(message);
    });
    const endless = `for (let i = 0; i < 300; ++i) process.stdout.write('x'.repeat(1_000));`;
    await extensions().install('talker', `${endless} process.stdout.write('\\nlast\\n'); ${provider}`);
    await until('its last word', () => lines.includes('last'));
    log.mockRestore();
    expect(lines.map((line) => line.length)).toEqual([2000, 4]);
  });

  it('that dies once before it is active is active after all', async () => {
    const once = `
      const runs = ((await api.storage.get('runs')) ?? 0) + 1;
      await api.storage.set('runs', runs);
      if (runs === 1) process.exit(7);
      ${provider}`;
    expect(await extensions().install('shaky', once)).toMatchObject({ state: 'activating' });
    await until('it is active', () => extensions().info('test.shaky').state === 'active');
    await until('it registers', () => extensions().rig.registries.discovery.size === 1);
  });

  it('that hangs is found within 3 s and killed', async () => {
    await extensions().install('stuck', `api.hooks.sdpWillPublish(async () => { for (;;); });`);
    await until('tapped', () => extensions().rig.pipelines.sdpWillPublish.size === 1);
    const deaths: { reason: string; after: number }[] = [];
    const began = performance.now();
    const watch = extensions().hosts.onDidDie(({ reason }) =>
      deaths.push({ reason, after: performance.now() - began }),
    );
    expect(await extensions().rig.pipelines.sdpWillPublish.run('v=0\r\n', 's1')).toBe('v=0\r\n');
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
      const watch = extensions().hosts.onDidDie(({ message }) => deaths.push(message));
      const eat = `const all = []; const eat = () => all.push(Buffer.alloc(16 * 1024 * 1024, 1));`;
      await extensions().install('eater', `${eat} setInterval(() => { eat(); ${atLast} }, 10);`);
      await until('it is ended', () => deaths.length > 0, 30_000);
      watch.dispose();
      expect(deaths[0]).toMatch(/more than 512 MB/);
      await extensions().manager.disable('test.eater');
    },
    60_000,
  );

  it('whose native code crashed the engine is quarantined at once, and the report is read once', async () => {
    const contributes = { native: [{ kind: 'codec', id: 'X8', abi: 1, library: 'library' }] };
    await extensions().install('codec', '', { contributes });
    await extensions().manager.trust('test.codec');
    const library = extensions().rig.registries.codecs.get('X8')?.path ?? '';
    writeFileSync(extensions().rig.paths.engineCrash, `${library}\n11\n`);
    extensions().crashes.look();
    extensions().crashes.look();
    await until('the quarantine', () => extensions().info('test.codec').state === 'quarantined');
    expect(extensions().info('test.codec')).toMatchObject({
      reason: 'crashed',
      problem: {
        message: expect.stringMatching(/library\.so\) crashed the engine with signal 11/) as string,
      },
    });
    expect(extensions().rig.registries.codecs.get('X8')).toBeUndefined();
    expect(readFileSync(extensions().rig.paths.engineCrash, 'utf8')).toBe('');
    expect(await extensions().manager.enable('test.codec')).toMatchObject({ state: 'active' });
  });
});
