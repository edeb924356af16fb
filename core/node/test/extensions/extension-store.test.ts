import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExtensionStore } from '../../src/extensions/extension-store.ts';
import { readPackage, writePackage } from '../../src/extensions/package-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const manifest = (version: string): Uint8Array =>
  bytes(
    JSON.stringify({ publisher: 'acme', name: 'x', version, engines: { tutti: '*' }, main: 'dist/m.js' }),
  );
const files = (version = '1.0.0'): Record<string, Uint8Array> => ({
  'package.json': manifest(version),
  'dist/m.js': bytes('export function activate() {}'),
});

let folder: ReturnType<typeof temporaryFolder>;
let store: ExtensionStore;
let root: string;
beforeEach(() => {
  folder = temporaryFolder();
  root = join(folder.path, 'extensions');
  store = new ExtensionStore(root);
});
afterEach(() => folder.dispose());

function packed(content: Uint8Array): string {
  const path = join(folder.path, 'x.tutti');
  writeFileSync(path, content);
  return path;
}
const onDisk = (): readonly string[] => (existsSync(root) ? readdirSync(root) : []);

/** A zip file whose entry is named otherwise than any library would let us name it. */
function renamed(content: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(content).toString('latin1').replaceAll(from, to), 'latin1');
}

describe('a package', () => {
  it('holds what was put in, and the same files make the same bytes', () => {
    expect(readPackage(writePackage(files()))).toEqual(files());
    expect(writePackage(files())).toEqual(writePackage(files()));
  });

  const made = writePackage(files());
  const flipped = (at: number): Uint8Array => made.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const link = (): Uint8Array => {
    const content = writePackage({ ...files(), evil: bytes('/etc/passwd') });
    const view = new DataView(content.buffer);
    for (let at = 0; at + 46 < content.length; ++at)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 38, 0xa1ff0000, true);
    return content;
  };
  it.each<readonly [string, () => Uint8Array, string]>([
    ['leads out of its folder', () => renamed(made, 'dist/m.js', '../../m.j'), 'path that is not allowed'],
    ['has an absolute path', () => renamed(made, 'dist/m.js', '/etc/m.js'), 'path that is not allowed'],
    [
      'has a path of another system',
      () => renamed(made, 'dist/m.js', 'dist\\m.js'),
      'path that is not allowed',
    ],
    ['holds a link', link, 'link'],
    ['has no list', () => zipSync(files()), 'integrity.json'],
    ['is cut off', () => made.slice(0, made.length - 40), 'not a whole zip'],
    ['is empty', () => new Uint8Array(), 'not a whole zip'],
    ['is no zip at all', () => bytes('#!/bin/sh'.repeat(100)), 'not a whole zip'],
    [
      'lacks a file of its list',
      () => zipSync({ 'integrity.json': bytes('{"sha256":{"a":"00"}}') }),
      'a is missing',
    ],
    [
      'has a file that its list does not name',
      () => zipSync({ ...files(), 'integrity.json': bytes('{"sha256":{}}') }),
      'is not what integrity.json says',
    ],
  ])('that %s is refused, and nothing is left on disk', async (_, make, reason) => {
    await expect(store.install(packed(make()))).rejects.toMatchObject({
      problem: { code: 'invalid', message: expect.stringContaining(reason) as string },
    });
    expect(onDisk()).toEqual([]);
  });

  it('that was altered anywhere is refused or holds what it held', () => {
    for (let at = 0; at < made.length; ++at) {
      try {
        expect(readPackage(flipped(at))).toEqual(files());
      } catch (error) {
        expect(error).toMatchObject({ problem: { code: expect.stringMatching(/invalid|limit/) as string } });
      }
    }
  });

  it('that unpacks to far more than it says, or to far too much, is refused before memory is full', async () => {
    const claiming = (size: number): Uint8Array => {
      const zip = Buffer.from(zipSync({ big: new Uint8Array(1024 * 1024) }, { level: 9 }));
      // The local header and the directory say how long it is.
      for (const [signature, field] of [
        [0x04034b50, 22],
        [0x02014b50, 24],
      ] as const) {
        for (let at = 0; at + 46 < zip.length; ++at)
          if (zip.readUInt32LE(at) === signature) zip.writeUInt32LE(size, at + field);
      }
      return zip;
    };
    const refusal = (code: string): object => ({ problem: { code } });
    await expect(store.install(packed(claiming(0xfffffffe)))).rejects.toMatchObject(refusal('limit'));
    await expect(store.install(packed(claiming(10)))).rejects.toMatchObject(refusal('invalid'));
    expect(onDisk()).toEqual([]);
  });
});

describe('the store of extensions', () => {
  it('installs, updates and removes, and leaves nothing behind', async () => {
    expect(await store.install(packed(writePackage(files())))).toBe('acme.x');
    expect(await store.install(packed(writePackage(files('2.0.0'))))).toBe('acme.x');
    expect(onDisk()).toEqual(['acme.x']);
    expect(readFileSync(join(root, 'acme.x/package.json'), 'utf8')).toContain('"2.0.0"');
    await store.uninstall('acme.x');
    expect(onDisk()).toEqual([]);
    await expect(store.uninstall('acme.x')).rejects.toMatchObject({ problem: { code: 'notFound' } });
    await expect(store.uninstall('../acme')).rejects.toMatchObject({ problem: { code: 'notFound' } });
  });

  it('takes a folder as it is built, without its sources', async () => {
    const from = join(folder.path, 'mine');
    mkdirSync(join(from, 'dist'), { recursive: true });
    mkdirSync(join(from, 'node_modules/huge'), { recursive: true });
    writeFileSync(join(from, 'package.json'), manifest('1.0.0'));
    writeFileSync(join(from, 'dist/m.js'), 'export function activate() {}');
    writeFileSync(join(from, 'node_modules/huge/x'), 'x');
    await store.install(from);
    expect(readdirSync(join(root, 'acme.x')).sort()).toEqual(['dist', 'package.json']);
    symlinkSync('/etc/passwd', join(from, 'dist/link'));
    await expect(store.install(from)).rejects.toMatchObject({ problem: { code: 'invalid' } });
  });

  it('keeps what is installed when an update is refused', async () => {
    await store.install(packed(writePackage(files())));
    const wrong = { ...files(), 'package.json': bytes('{"name":"x"}') };
    await expect(store.install(packed(writePackage(wrong)))).rejects.toMatchObject({
      problem: { code: 'invalid' },
    });
    expect(readFileSync(join(root, 'acme.x/package.json'), 'utf8')).toContain('"1.0.0"');
    expect(onDisk()).toEqual(['acme.x']);
  });

  it('puts right what an interrupted update left', async () => {
    await store.install(packed(writePackage(files())));
    renameSync(join(root, 'acme.x'), join(root, '.old-acme.x'));
    mkdirSync(join(root, '.new-123456'));
    await store.recover();
    expect(onDisk()).toEqual(['acme.x']);
  });
});
