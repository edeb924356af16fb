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
import { constants, deflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExtensionStore } from '../../src/extensions/extension-store.ts';
import { packageLimits, readPackage, writePackage } from '../../src/extensions/package-file.ts';
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
  it('holds what was put in, and the same files make the same bytes', async () => {
    expect(await readPackage(writePackage(files()))).toEqual(files());
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

  it('that was altered anywhere is refused or holds what it held', async () => {
    for (let at = 0; at < made.length; ++at) {
      try {
        expect(await readPackage(flipped(at))).toEqual(files());
      } catch (error) {
        expect(error).toMatchObject({ problem: { code: expect.stringMatching(/invalid|limit/) as string } });
      }
    }
  });

  it.each([
    ['says so', 10 * 1024 ** 3, 'limit'],
    ['says that it is small', 10, 'invalid'],
    ['says that it is as large as is allowed', packageLimits.unpackedBytes, 'invalid'],
  ])('that unpacks to 10 GB and %s is refused before that is done', async (_, claim, code) => {
    const began = process.memoryUsage().rss;
    const reading = store.install(packed(bomb(claim)));
    await expect(reading).rejects.toMatchObject({ problem: { code } });
    expect(process.memoryUsage().rss - began).toBeLessThan(4 * packageLimits.unpackedBytes);
    expect(onDisk()).toEqual([]);
  });
});

/** A zip file of 10 MB whose only file unpacks to 10 GB of nothing, and says to be `claim` bytes long. */
function bomb(claim: number): Uint8Array {
  const piece = deflateRawSync(Buffer.alloc(16 * 1024 * 1024), {
    level: 9,
    finishFlush: constants.Z_FULL_FLUSH,
  });
  const last = deflateRawSync(Buffer.alloc(0));
  const content = Buffer.concat([...new Array<Buffer>(640).fill(piece), last]);
  const name = Buffer.from('big');
  // APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16; a length that does not fit is in an extra field (4.5.3).
  const long = claim > 0xfffffffe;
  const extra = Buffer.alloc(long ? 12 : 0);
  if (long) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(claim), 4);
  }
  const fields = Buffer.alloc(26); // what the local header and the directory have in common
  fields.writeUInt16LE(45, 0);
  fields.writeUInt16LE(8, 4); // deflated
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(long ? 0xffffffff : claim, 18);
  fields.writeUInt16LE(name.length, 22);
  fields.writeUInt16LE(extra.length, 24);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, extra, content]);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x2d\x00'), fields, Buffer.alloc(14), name, extra]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

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
