import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * The one folder of extensions that a process may read. What a process may read is settled when it starts, so a process that
 * starts before it is known for whom gets a folder that is still to be filled.
 */
export class Sandbox {
  readonly path: string;

  /** @param root on the file system of the extensions; leftovers of it begin with a dot and are removed by the store. */
  constructor(root: string) {
    this.path = join(root, `.process-${randomBytes(6).toString('hex')}`);
  }

  /** Puts an extension's files there as hard links, so that nothing is copied. @returns the folder that holds them. */
  async enter(id: string, folder: string): Promise<string> {
    const inside = join(this.path, id);
    await rm(inside, { recursive: true, force: true });
    for (const each of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!each.isFile()) continue;
      const path = join(each.parentPath, each.name);
      const twin = join(inside, relative(folder, path));
      await mkdir(dirname(twin), { recursive: true, mode: 0o700 });
      await link(path, twin);
    }
    return inside;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
