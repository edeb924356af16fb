import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JsonStore, type DamageReport } from '../../src/state/json-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let damage: DamageReport[];

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'state.json');
  damage = [];
});
afterEach(() => folder.dispose());

const open = (version = 1): JsonStore<{ n: number }> =>
  new JsonStore({
    path,
    version,
    check: (value) =>
      typeof value === 'object' && value !== null && 'n' in value && typeof value.n === 'number'
        ? { ok: true, value: { n: value.n } }
        : { ok: false, error: 'n is missing' },
    onDamage: (report) => damage.push(report),
  });

describe('a store', () => {
  it('has nothing before the first save', async () => {
    expect(await open().load()).toBeUndefined();
    expect(damage).toEqual([]);
  });

  it('gives back what was saved last and keeps the one before', async () => {
    await open().save({ n: 1 });
    await open().save({ n: 2 });
    expect(await open().load()).toEqual({ n: 2 });
    expect(JSON.parse(readFileSync(`${path}.previous`, 'utf8'))).toEqual({ version: 1, data: { n: 1 } });
  });

  it.each([
    ['half a file', '{"version":1,"da'],
    ['an empty file', ''],
    ['another document', '[]'],
    ['data of the wrong shape', '{"version":1,"data":{"n":"7"}}'],
    ['a newer version', '{"version":9,"data":{"n":7}}'],
  ])('sets %s aside, reports it, and uses the last good one', async (_what, content) => {
    const store = open();
    await store.save({ n: 1 });
    await store.save({ n: 2 });
    writeFileSync(path, content);
    expect(await open().load()).toEqual({ n: 1 });
    expect(damage).toHaveLength(1);
    expect(readFileSync(damage[0]?.setAside ?? '', 'utf8')).toBe(content);
    await open().save({ n: 3 });
    expect(await open().load()).toEqual({ n: 3 });
  });

  it('begins anew when both files are damaged, and loses neither', async () => {
    writeFileSync(path, 'x');
    writeFileSync(`${path}.previous`, 'y');
    expect(await open().load()).toBeUndefined();
    expect(damage).toHaveLength(2);
    expect(readdirSync(folder.path).filter((name) => name.includes('.damaged-'))).toHaveLength(2);
  });

  it('writes many saves at once in their order', async () => {
    const store = open();
    await Promise.all(Array.from({ length: 20 }, (_, n) => store.save({ n })));
    expect(await open().load()).toEqual({ n: 19 });
  });

  it('is for the owner only', async () => {
    await open().save({ n: 1 });
    const { mode } = await import('node:fs').then((fs) => fs.statSync(path));
    expect(mode & 0o777).toBe(0o600);
  });
});
