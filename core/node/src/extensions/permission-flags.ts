import type { ExtensionPermission } from '@tutti/api';

/**
 * What Node can keep an extension from (its permission model): writing files, reading outside its folder, starting
 * programs, loading addons. Not the network: that is told to people, not enforced.
 *
 * @param permissions those of its manifest
 * @param folders what it may read in any case
 * @returns flags of Node
 */
export function permissionFlags(
  permissions: readonly ExtensionPermission[],
  folders: readonly string[],
): readonly string[] {
  const [readsAll, startsPrograms] = [permissions.includes('fs.read'), permissions.includes('process')];
  if (readsAll && startsPrograms) return [];
  return [
    '--experimental-permission',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    ...(readsAll ? ['*'] : folders.map((folder) => `${folder}/*`)).map((path) => `--allow-fs-read=${path}`),
    ...(startsPrograms ? ['--allow-child-process'] : []),
  ];
}

/** Whether it runs under the flags of one that asks for nothing. */
export function asksNothingOfNode(permissions: readonly ExtensionPermission[]): boolean {
  return !permissions.includes('fs.read') && !permissions.includes('process');
}
