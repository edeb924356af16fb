import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSilentLog } from '../../src/platform/log.ts';
import { createFolders, instancePaths } from '../../src/platform/paths.ts';
import { FileConfiguration } from '../../src/state/configuration.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

let folder: ReturnType<typeof temporaryFolder>;
let configuration: FileConfiguration | undefined;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  configuration?.dispose();
  folder.dispose();
});

function load(text?: string): FileConfiguration {
  const paths = instancePaths('/nowhere', folder.path);
  createFolders(paths);
  if (text !== undefined) writeFileSync(paths.settings, text);
  configuration = new FileConfiguration(paths, createSilentLog());
  return configuration;
}

describe('settings', () => {
  it('have defaults when there is no file', () => {
    expect(load().get('receivers.linkOffsetMs')).toBe(3);
    expect(configuration?.problems).toEqual([]);
  });

  it('may have comments and trailing commas', () => {
    expect(load('{ // slower\n "receivers.linkOffsetMs": 5, }').get('receivers.linkOffsetMs')).toBe(5);
  });

  it('fall back to the default, with a problem, when a value is wrong', () => {
    expect(load('{ "senders.dscp": 99, "senders.ttl": 8 }').get('senders.dscp')).toBe(34);
    expect(configuration?.get('senders.ttl')).toBe(8);
    expect(configuration?.problems).toMatchObject([{ code: 'invalid', field: 'senders.dscp' }]);
  });

  it('are written without losing comments and order', async () => {
    const given = '{\n  // ours\n  "senders.ttl": 8, // far\n  "receivers.linkOffsetMs": 5\n}\n';
    const changed: string[] = [];
    const watch = load(given).onDidChange((keys) => changed.push(...keys));
    await configuration?.set('senders.ttl', 16);
    expect(configuration?.get('senders.ttl')).toBe(16);
    expect(changed).toEqual(['senders.ttl']);
    expect(readFileSync(`${folder.path}/settings.json`, 'utf8')).toBe(given.replace('8,', '16,'));
    await configuration?.set('receivers.linkOffsetMs', undefined);
    expect(configuration?.get('receivers.linkOffsetMs')).toBe(3);
    expect(readFileSync(`${folder.path}/settings.json`, 'utf8')).toContain('// ours');
    watch?.dispose();
  });

  it('are not written when the value is wrong or the file is', async () => {
    await expect(load('{}').set('senders.ttl', 0)).rejects.toMatchObject({ problem: { code: 'invalid' } });
    configuration?.dispose();
    const broken = '{ "senders.ttl": 8,, }';
    await expect(load(broken).set('senders.ttl', 9)).rejects.toMatchObject({
      problem: { code: 'invalid', field: 'senders.ttl' },
    });
    expect(readFileSync(`${folder.path}/settings.json`, 'utf8')).toBe(broken);
  });

  it('survive a file that is no JSON at all', () => {
    expect(load('\u0000\u0001 not settings').get('senders.dscp')).toBe(34);
  });

  it.each(['', '{ "senders.dscp": 10, /* "senders.ttl": 8 }', '{ "senders.dscp"', '[]'])(
    'stay in force while the file is %s, and the place of the slip is told',
    async (slip) => {
      const { settings } = instancePaths('/nowhere', folder.path);
      const changed: string[] = [];
      load('{ "senders.dscp": 10, "senders.ttl": 8 }');
      const watch = configuration?.onDidChange((keys) => changed.push(...keys));
      writeFileSync(settings, slip);
      await until('the slip is noticed', () => (configuration?.problems ?? []).length > 0);
      expect(configuration?.problems).toMatchObject([
        { field: 'file', message: expect.stringMatching(/line 1, column \d+|an object/) as string },
      ]);
      expect(configuration?.get('senders.ttl')).toBe(8);
      writeFileSync(settings, '{ "senders.dscp": 10, "senders.ttl": 9 }');
      await until('corrected', () => configuration?.problems.length === 0);
      expect(changed).toEqual(['senders.ttl']);
      watch?.dispose();
    },
  );

  it('are checked by the schema an extension brings, until it goes', () => {
    load('{ "x.mode": 7 }');
    const contribution = configuration?.contribute({ 'x.mode': { type: 'string', default: 'auto' } });
    expect(configuration?.get('x.mode')).toBe('auto');
    expect(configuration?.problems).toHaveLength(1);
    contribution?.dispose();
    expect(() => configuration?.get('x.mode')).toThrow('x.mode');
  });

  it('are read again when the file changes, and say which keys changed', async () => {
    load('{}');
    const changed: string[] = [];
    const watch = configuration?.onDidChange((keys) => changed.push(...keys));
    writeFileSync(instancePaths('/nowhere', folder.path).settings, '{ "senders.ttl": 8 }');
    await until('the change', () => changed.length > 0);
    watch?.dispose();
    expect(changed).toEqual(['senders.ttl']);
    expect(configuration?.get('senders.ttl')).toBe(8);
  });
});
