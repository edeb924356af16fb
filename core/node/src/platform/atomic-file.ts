import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file so that a reader, or a machine that loses power at any moment, finds the old or the new content and
 * nothing between. With `keep`, what was there stays under that name.
 */
export async function writeAtomically(path: string, content: string, keep?: string): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  if (keep !== undefined) await keepAs(path, keep);
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

/** A second name for the present file, put in place in one step too; `path` itself is there all the time. */
async function keepAs(path: string, keep: string): Promise<void> {
  const step = `${keep}.new`;
  await rm(step, { force: true });
  try {
    await link(path, step);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rename(step, keep);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
