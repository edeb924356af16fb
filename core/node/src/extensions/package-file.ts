import { createHash } from 'node:crypto';
import { fail, TuttiError } from '@tutti/base';
import { zipSync } from 'fflate';
import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';

/** Limits of a package: far above what an extension needs, far below what hurts. */
export const packageLimits = { packedBytes: 64 * 1024 * 1024, unpackedBytes: 256 * 1024 * 1024, files: 4000 };

/** Lists every other file of the package with its SHA-256. */
const listName = 'integrity.json';
const maxPathLength = 240;
/** File type of the Unix mode that the upper half of an entry's external attributes holds. */
const unixLink = 0xa000;

export type PackageFiles = Readonly<Record<string, Uint8Array>>;

/** Makes a `.tutti` package: a zip of the files and the list of their checksums. The same files give the same bytes. */
export function writePackage(files: PackageFiles): Uint8Array {
  const names = Object.keys(files).sort();
  const sums = Object.fromEntries(names.map((name) => [name, sha256(files[name] ?? new Uint8Array())]));
  const list = new TextEncoder().encode(`${JSON.stringify({ sha256: sums }, undefined, 2)}\n`);
  const all = Object.fromEntries([...names.map((name) => [name, files[name]] as const), [listName, list]]);
  return zipSync(all as Record<string, Uint8Array>, { level: 9, mtime: new Date('2000-01-01T00:00:00Z') });
}

/**
 * Reads a `.tutti` package. Nothing touches the disk, so what is refused leaves nothing behind.
 *
 * @throws TuttiError `invalid` or `limit`, naming the file at fault.
 */
export async function readPackage(bytes: Uint8Array): Promise<PackageFiles> {
  if (bytes.length > packageLimits.packedBytes) {
    throw fail('limit', `the package is larger than ${packageLimits.packedBytes} bytes`, {
      field: 'package',
    });
  }
  const { [listName]: list, ...files } = await unzip(bytes);
  if (list === undefined) throw refuse(`it has no ${listName}`, 'make it with "tutti extension pack"');
  const sums = readList(list);
  for (const [name, content] of Object.entries(files)) {
    if (sums.get(name) !== sha256(content)) throw refuse(`${name} is not what ${listName} says`, altered);
    sums.delete(name);
  }
  const [missing] = sums.keys();
  if (missing !== undefined) throw refuse(`${missing} is missing`, altered);
  return files;
}

const altered = 'get the package again from who made it: it was damaged or altered';

/** One file of a zip file, as its directory has it. */
interface Packed {
  readonly name: string;
  readonly entry: Entry;
}

/** The files of a zip file. What unpacks to more than its directory says is refused as soon as it does. */
async function unzip(bytes: Uint8Array): Promise<Record<string, Uint8Array>> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Without a prototype: a file may have any name.
  const files = Object.create(null) as Record<string, Uint8Array>;
  try {
    // Names are read by ourselves, to say what is wrong with one.
    const options = { autoClose: false, decodeStrings: false, validateEntrySizes: true };
    const zip = await fromBufferPromise(buffer, options);
    for (const { name, entry } of await directoryOf(zip)) files[name] = await contentOf(zip, entry);
    return files;
  } catch (error) {
    if (error instanceof TuttiError) throw error;
    throw refuse(`it is not a whole zip file (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Looked through as a whole before anything is unpacked. */
async function directoryOf(zip: ZipFile): Promise<readonly Packed[]> {
  const found: Packed[] = [];
  let [entries, unpacked] = [0, 0];
  for await (const entry of zip.eachEntry()) {
    entries += 1;
    unpacked += entry.uncompressedSize;
    if (entries > packageLimits.files || unpacked > packageLimits.unpackedBytes) {
      const { files: most, unpackedBytes } = packageLimits;
      const message = `the package holds more than ${most} files or ${unpackedBytes} bytes`;
      throw fail('limit', message, { field: 'package' });
    }
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
    refuseLink(name, entry);
    if (name.endsWith('/')) continue; // a folder
    refusePath(name);
    found.push({ name, entry });
  }
  return found;
}

async function contentOf(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}

/** A path that leads out of the folder, or that another system reads as one. */
function refusePath(name: string): void {
  const parts = name.split('/');
  const bad =
    name.length > maxPathLength ||
    /[\\:\u0000-\u001f]/.test(name) ||
    parts.some((part) => part === '' || part === '.' || part === '..');
  if (bad) throw refuse(`it holds a path that is not allowed: ${JSON.stringify(name.slice(0, 80))}`);
}

/** Links are stored as small files with a mode that says so: never made, and a package that has one is not honest. */
function refuseLink(name: string, { externalFileAttributes }: Entry): void {
  const mode = externalFileAttributes >>> 16;
  if ((mode & 0xf000) === unixLink) throw refuse(`it holds a link: ${JSON.stringify(name.slice(0, 80))}`);
}

function readList(list: Uint8Array): Map<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(list));
  } catch {
    throw refuse(`${listName} is not JSON`);
  }
  const sums: unknown =
    typeof parsed === 'object' && parsed !== null && 'sha256' in parsed ? parsed.sha256 : null;
  if (typeof sums !== 'object' || sums === null) throw refuse(`${listName} has no checksums`);
  return new Map(Object.entries(sums).map(([name, sum]) => [name, String(sum)]));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function refuse(what: string, fix?: string): ReturnType<typeof fail> {
  return fail('invalid', `the package is refused: ${what}`, {
    field: 'package',
    ...(fix !== undefined && { fix }),
  });
}
