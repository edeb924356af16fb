import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { NativeContribution } from '@tutti/api';
import type { ExtensionReason } from '@tutti/common';
import type { Problem } from '@tutti/base';
import type { FoundExtension } from './manifest.ts';

/** Major version of the native plug-in ABI that the engine speaks (native/include/tutti/plugin.h). */
const nativeAbi = 1;
const libraryEnding = process.platform === 'darwin' ? '.dylib' : '.so';

/** Where a native library of an extension lies on this platform. */
export function libraryPath(
  { folder }: FoundExtension,
  { library }: Pick<NativeContribution, 'library'>,
): string {
  return join(folder, 'dist', `${library}${libraryEnding}`);
}

const digests = new WeakMap<FoundExtension, string>();

/** SHA-256 over the native libraries of an extension, hexadecimal; one that is not there counts as empty. Read once. */
export function nativeDigest(found: FoundExtension): string {
  const known = digests.get(found);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  const names = (found.manifest?.contributes?.native ?? []).map(({ library }) => library);
  for (const library of [...new Set(names)].sort()) {
    const path = libraryPath(found, { library });
    const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    hash.update(`${library} ${content.length}\n`).update(content);
  }
  const digest = hash.digest('hex');
  digests.set(found, digest);
  return digest;
}

/** Tells what lies at a path now from what lay or will lie there. */
export function fileAt(path: string): string {
  const { dev, ino, mtimeMs } = statSync(path);
  return [dev, ino, mtimeMs].join(' ');
}

/** Why the native libraries of an extension cannot be used here. The engine looks again when it loads them. */
export function refuseNative(
  found: FoundExtension,
): { readonly reason: ExtensionReason; readonly problem: Problem } | undefined {
  for (const each of found.manifest?.contributes?.native ?? []) {
    const field = `contributes.native.${each.id}`;
    const refuse = (message: string, fix: string): ReturnType<typeof refuseNative> => ({
      reason: 'abi',
      problem: {
        code: 'unsupported',
        field,
        message: `${found.id}: ${each.kind} ${each.id} ${message}`,
        fix,
      },
    });
    if (each.abi !== nativeAbi) {
      const message = `is built for ABI ${each.abi}, the engine speaks ${nativeAbi}`;
      return refuse(message, 'install the version of the extension that is made for this Tutti');
    }
    const path = libraryPath(found, each);
    if (!existsSync(path))
      return refuse(`has no library ${path}`, 'build it, or install it for this platform');
  }
  return undefined;
}
