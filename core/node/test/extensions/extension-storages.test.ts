import { readdirSync, statSync, writeFileSync } from 'node:fs';
import type { TuttiError } from '@tutti/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExtensionStorages } from '../../src/extensions/extension-storages.ts';
import { createSilentLog } from '../../src/platform/log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
const place = (): string => `${folder.path}/storage`;
const open = (): ExtensionStorages => new ExtensionStorages(place(), createSilentLog());
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.dispose());
const id = 'acme.finder';

describe('what an extension keeps', () => {
  it('is there for the next host, apart from what others keep, and until it is removed', async () => {
    const first = open();
    expect(await first.get(id, 'a')).toBeUndefined();
    await Promise.all([first.set(id, 'a', { b: [1, null] }), first.set(id, 'c', 'd')]);
    await first.set('acme.other', 'a', 7);
    const second = open();
    expect(await second.get(id, 'a')).toEqual({ b: [1, null] });
    expect((await second.keys(id)).toSorted()).toEqual(['a', 'c']);
    await second.set(id, 'c', undefined);
    expect(await open().keys(id)).toEqual(['a']);
    expect(statSync(`${place()}/${id}.json`).mode & 0o777).toBe(0o600);
    await second.remove(id);
    expect(readdirSync(place())).toEqual(['acme.other.json']);
    expect(await second.keys(id)).toEqual([]);
  });

  it('is bounded, and what is refused changes nothing', async () => {
    const storages = open();
    await storages.set(id, 'a', 1);
    const refused = async (key: string, value: unknown): Promise<unknown> =>
      await storages.set(id, key, value).then(
        () => undefined,
        (error: TuttiError) => error.problem.code,
      );
    expect(await refused('big', 'x'.repeat(1024 * 1024))).toBe('limit');
    for (const key of ['', '../a', 'a b', 'x'.repeat(129), '__proto__'])
      expect(await refused(key, 1), key).toBe('invalid');
    for (let n = 1; n < 64; n += 1) await storages.set(id, `k${n}`, n);
    expect(await refused('one-more', 1)).toBe('limit');
    expect(await storages.get(id, 'constructor')).toBeUndefined();
    const atOnce = await Promise.all(Array.from({ length: 70 }, () => refused('a', 2)));
    expect(atOnce.filter((each) => each === 'limit')).toHaveLength(6);
    await expect(storages.get('../../etc', 'a')).rejects.toMatchObject({ problem: { code: 'invalid' } });
  });

  it('is set aside when it is damaged, and the last good one is used', async () => {
    const first = open();
    await first.set(id, 'a', 1);
    await first.set(id, 'a', 2);
    writeFileSync(`${place()}/${id}.json`, '{');
    expect(await open().get(id, 'a')).toBe(1);
    expect(readdirSync(place()).some((name) => name.includes('.damaged-'))).toBe(true);
  });
});
