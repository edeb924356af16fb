import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { createToken, fail } from '@tutti/base';
import { checkManifest } from './manifest.ts';
import { textsName } from './manifest-texts.ts';
import { packageLimits, readPackage, type PackageFiles } from './package-file.ts';

const manifestName = 'package.json';
/** What an author's folder holds at its top beside the extension: sources, what they need, and what was made of them. */
const left = new Set([
  'node_modules',
  'src',
  'native',
  'test',
  'vendor',
  'build',
  'package-lock.json',
  'tsconfig.json',
]);

/**
 * The folder of installed extensions. Every change is one rename: a machine that loses power at any moment finds the old
 * or the new extension, never half of one.
 */
export class ExtensionStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts right what was interrupted. Call before anything else. */
  async recover(): Promise<void> {
    if (!existsSync(this.#folder)) return;
    for (const name of await readdir(this.#folder)) {
      if (!name.startsWith('.')) continue;
      const old = /^\.old-(.+)$/.exec(name)?.[1];
      const path = join(this.#folder, name);
      if (old !== undefined && !existsSync(join(this.#folder, old)))
        await rename(path, join(this.#folder, old));
      else await rm(path, { recursive: true, force: true });
    }
  }

  /**
   * Installs or updates from a package or a folder. @returns the extension's id.
   *
   * @throws TuttiError `invalid`, `limit` or `notFound`; nothing is changed then.
   */
  async install(path: string): Promise<string> {
    return await this.#install(await filesOf(path), path);
  }

  /** The same from the bytes of a package. @throws TuttiError `invalid` or `limit`; nothing is changed then. */
  async installPackage(bytes: Uint8Array): Promise<string> {
    return await this.#install(await readPackage(bytes), 'the package');
  }

  async #install(files: PackageFiles, what: string): Promise<string> {
    const text = files[manifestName];
    if (text === undefined) throw fail('invalid', `${what} has no ${manifestName}`, { field: 'path' });
    const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    const texts = Object.entries(files).filter(([name]) => textsName.test(name));
    const { manifest, problems } = checkManifest(
      decode(text),
      manifestName,
      new Map(texts.map(([name, content]) => [name, decode(content)])),
    );
    if (manifest === undefined) {
      const message = problems.map((each) => each.message).join('; ');
      throw fail('invalid', message, { field: problems[0]?.field ?? 'path' });
    }
    const id = `${manifest.publisher}.${manifest.name}`;
    const fresh = join(this.#folder, `.new-${randomBytes(6).toString('hex')}`);
    try {
      await writeFiles(fresh, files);
      await this.#replace(id, fresh);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    return id;
  }

  /** Removes an extension. @throws TuttiError `notFound` if it was not installed here. */
  async uninstall(id: string): Promise<void> {
    const path = join(this.#folder, id);
    if (!/^[a-z0-9.-]+$/.test(id) || !existsSync(path)) {
      const fix = 'what comes with Tutti can be disabled only';
      throw fail('notFound', `${id} is not installed`, { field: 'id', fix });
    }
    const gone = join(this.#folder, `.gone-${randomBytes(6).toString('hex')}`);
    await rename(path, gone);
    await rm(gone, { recursive: true, force: true });
  }

  async #replace(id: string, fresh: string): Promise<void> {
    const path = join(this.#folder, id);
    const old = join(this.#folder, `.old-${id}`);
    if (existsSync(path)) await rename(path, old); // recover() takes it back if this ends here
    await rename(fresh, path);
    await rm(old, { recursive: true, force: true });
  }
}

export const ExtensionStoreToken = createToken<ExtensionStore>('ExtensionStore');

/** Content of a package, or of a folder that would become one. */
export async function filesOf(path: string): Promise<PackageFiles> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw fail('notFound', `${path} is not there`, { field: 'path' });
  if (found.isDirectory()) return await filesIn(path);
  if (found.size > packageLimits.packedBytes) {
    throw fail('limit', `${path} is larger than ${packageLimits.packedBytes} bytes`, { field: 'path' });
  }
  return await readPackage(await readFile(path));
}

async function filesIn(root: string): Promise<PackageFiles> {
  const files: Record<string, Uint8Array> = {};
  let bytes = 0;
  const walk = async (folder: string): Promise<void> => {
    for (const name of (await readdir(folder)).sort()) {
      if (name.startsWith('.') || name === 'node_modules') continue;
      if (folder === root && (left.has(name) || name.endsWith('.tutti'))) continue;
      const path = join(folder, name);
      const found = await lstat(path);
      if (found.isDirectory()) {
        await walk(path);
        continue;
      }
      if (!found.isFile()) {
        const fix = 'put a copy of what it names there';
        throw fail('invalid', `${path} is neither a file nor a folder`, { field: 'path', fix });
      }
      bytes += found.size;
      if (bytes > packageLimits.unpackedBytes || Object.keys(files).length >= packageLimits.files) {
        throw fail('limit', `${root} holds too much for an extension`, { field: 'path' });
      }
      files[relative(root, path).split(sep).join('/')] = await readFile(path);
    }
  };
  await walk(root);
  return files;
}

/** Everything on disk, and known to be there, before anybody looks at it. */
async function writeFiles(folder: string, files: PackageFiles): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
