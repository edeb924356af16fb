import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fail } from '@tutti/base';

/** Kinds of extensions that there are templates for, and what an author begins with. */
export const extensionKinds = ['codec', 'discovery', 'clock', 'view', 'diagnosis'] as const;
export type ExtensionKind = (typeof extensionKinds)[number];

export interface ScaffoldRequest {
  /** Folder to make; its name is the name of the extension. */
  readonly folder: string;
  readonly kind: ExtensionKind;
  readonly publisher: string;
  /** Folder of the templates. */
  readonly templates: string;
  /**
   * Folder of the tarballs of @tutti/api and @tutti/test: they are copied into the extension, which then needs neither a
   * registry nor this machine. Without it the packages come from the registry.
   */
  readonly packages?: string;
}

/** What stands in a template for the names that the author chooses. */
const placeholders = { name: 'template-name', publisher: 'template-publisher' } as const;
/** npm takes a `.gitignore` for its own when it packs, so the template has no dot. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore' };
/** A name is also the id of what it contributes: as manifestSchema has it. */
const namePattern = /^[a-z0-9][a-z0-9-]{0,31}$/;
const vendor = 'vendor';

/**
 * Makes a new extension of a template. @returns the files, relative to the folder.
 *
 * @throws TuttiError `invalid` for a name that is none, `conflict` if the folder is there and not empty.
 */
export async function scaffold(request: ScaffoldRequest): Promise<readonly string[]> {
  const { folder, kind, publisher, templates, packages } = request;
  const name = basename(folder);
  requireName('folder', name);
  requireName('publisher', publisher);
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0) {
    throw fail('conflict', `${folder} is not empty`, { field: 'folder', fix: 'choose a new folder' });
  }
  const tarballs = packages === undefined ? [] : await tarballsIn(packages);
  const written: string[] = [];
  for (const template of ['common', kind]) {
    const from = join(templates, template);
    for (const path of await filesBelow(from)) {
      const to = join(dirname(path), renamed[basename(path)] ?? basename(path));
      const text = await readFile(join(from, path), 'utf8');
      await write(
        join(folder, to),
        text.replaceAll(placeholders.name, name).replaceAll(placeholders.publisher, publisher),
      );
      written.push(to);
    }
  }
  for (const { file, path } of tarballs) {
    await mkdir(join(folder, vendor), { recursive: true });
    await copyFile(path, join(folder, vendor, file));
    written.push(join(vendor, file));
  }
  await useTarballs(join(folder, 'package.json'), tarballs);
  return written.sort();
}

interface Tarball {
  readonly package: string;
  readonly file: string;
  readonly path: string;
}

async function tarballsIn(folder: string): Promise<readonly Tarball[]> {
  const files = await readdir(folder).catch(() => []);
  return ['api', 'test'].map((name) => {
    const file = files.find((each) => new RegExp(`^tutti-${name}-\\d.*\\.tgz$`).test(each));
    if (file === undefined) {
      const fix = 'in a checkout of Tutti, npm run pack:api makes it';
      throw fail('notFound', `there is no tarball of @tutti/${name} in ${folder}`, {
        field: 'packages',
        fix,
      });
    }
    return { package: `@tutti/${name}`, file, path: join(folder, file) };
  });
}

async function useTarballs(path: string, tarballs: readonly Tarball[]): Promise<void> {
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { devDependencies: Record<string, string> };
  for (const each of tarballs) manifest.devDependencies[each.package] = `file:${vendor}/${each.file}`;
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' });
}

function requireName(field: string, name: string): void {
  if (namePattern.test(name)) return;
  throw fail('invalid', `"${name}" is no name for ${field === 'folder' ? 'an extension' : 'a publisher'}`, {
    field,
    fix: 'use lower case letters, digits and dashes, at most 32',
  });
}
