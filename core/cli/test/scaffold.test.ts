import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkFolder } from '@tutti/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extensionKinds, scaffold, type ExtensionKind } from '../src/scaffold.ts';

const templates = resolve(import.meta.dirname, '../templates');
let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tutti-new-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const make = (name: string, kind: ExtensionKind = 'codec', publisher = 'acme'): ReturnType<typeof scaffold> =>
  scaffold({ folder: join(folder, name), kind, publisher, templates });
const read = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');

describe('a new extension', () => {
  it.each(extensionKinds)(
    'of kind %s has a valid manifest and nothing left of the template',
    async (kind) => {
      const files = await make('my-own', kind);
      const { manifest, problems } = checkFolder(join(folder, 'my-own'));
      expect(problems).toEqual([]);
      expect(manifest).toMatchObject({ publisher: 'acme', name: 'my-own' });
      for (const file of files) expect(read('my-own', file), file).not.toMatch(/template-(name|publisher)/);
      expect(files).toEqual(
        expect.arrayContaining(['.gitignore', 'README.md', 'package.json', 'tsconfig.json']),
      );
      expect(files.some((file) => file.startsWith('test/'))).toBe(true);
    },
  );

  it('says which package is missing, and makes nothing', async () => {
    const packages = join(folder, 'packages');
    await expect(
      scaffold({ folder: join(folder, 'own'), kind: 'codec', publisher: 'acme', templates, packages }),
    ).rejects.toMatchObject({ problem: { code: 'notFound', field: 'packages' } });
    expect(existsSync(join(folder, 'own'))).toBe(false);
  });

  it.each([
    ['Upper', 'acme', 'folder'],
    ['x'.repeat(33), 'acme', 'folder'],
    ['fine', 'A B', 'publisher'],
  ])('called %s of %s is refused', async (name, publisher, field) => {
    await expect(make(name, 'codec', publisher)).rejects.toMatchObject({
      problem: { code: 'invalid', field },
    });
    expect(existsSync(join(folder, name))).toBe(false);
  });

  it('never writes into a folder that holds something', async () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    await expect(scaffold({ folder, kind: 'codec', publisher: 'acme', templates })).rejects.toMatchObject({
      problem: expect.anything() as unknown,
    });
    await make('full');
    await expect(make('full')).rejects.toMatchObject({ problem: { code: 'conflict' } });
  });
});
