import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readExtension, type ExtensionOrigin, type FoundExtension } from './manifest.ts';

/** Where extensions are looked for. Of two with one id the first counts: development, then what we ship, then installed. */
export interface ExtensionFolders {
  /** Folders that are one extension each. */
  readonly development: readonly string[];
  /** Folders whose folders are extensions. */
  readonly builtIn: string;
  readonly installed: string;
}

/** Reads every manifest there is; one that is wrong is found with its refusal. */
export function scanExtensions(
  { development, builtIn, installed }: ExtensionFolders,
  tuttiVersion: string,
): readonly FoundExtension[] {
  const read = (folder: string, origin: ExtensionOrigin): FoundExtension =>
    readExtension(folder, basename(folder), origin, tuttiVersion);
  return [
    ...development.map((folder) => read(resolve(folder), 'development')),
    ...foldersIn(builtIn).map((folder) => read(folder, 'builtIn')),
    ...foldersIn(installed).map((folder) => read(folder, 'installed')),
  ];
}

/** Folders with a manifest. A name that begins with a dot is something half done. */
function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((each) => each.isDirectory() && !each.name.startsWith('.'))
    .map((each) => join(folder, each.name))
    .filter((path) => existsSync(join(path, 'package.json')))
    .sort();
}
