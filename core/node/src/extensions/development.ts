import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { toDisposable, type Disposable } from '@tutti/base';
import type { Extensions } from './extensions.ts';
import { readExtension } from './manifest.ts';

const everyMs = 500;

/** Starts an extension anew when its manifest or anything in its `dist/` changed and has been still for a moment. */
export function watchDevelopment(folders: readonly string[], extensions: Extensions): Disposable {
  const versions = new Map(folders.map((folder) => [folder, versionOf(folder)]));
  const restless = new Set<string>();
  const timer = setInterval(() => {
    for (const folder of folders) {
      const now = versionOf(folder);
      if (now !== versions.get(folder)) {
        versions.set(folder, now);
        restless.add(folder); // a build may still be writing
      } else if (restless.delete(folder)) {
        const { id } = readExtension(resolve(folder), basename(folder), 'development', '0.0.0');
        extensions
          .rescan()
          .then(() => extensions.reload(id))
          .catch(() => undefined); // the list says what is wrong with it
      }
    }
  }, everyMs).unref();
  return toDisposable(() => clearInterval(timer));
}

function versionOf(folder: string): string {
  const of = (path: string): string => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() !== true) return `${found?.mtimeMs ?? 0}`;
    return readdirSync(path)
      .map((name) => of(join(path, name)))
      .join();
  };
  return `${of(join(folder, 'package.json'))} ${of(join(folder, 'dist'))}`;
}
