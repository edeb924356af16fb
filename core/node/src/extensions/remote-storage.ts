import { fail } from '@tutti/base';
import { storageMethods, type StorageRequest, type StorageSetRequest } from '@tutti/common';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { answer } from '../engine/rpc.ts';
import type { ExtensionStorages } from './extension-storages.ts';

/**
 * Answers what the extensions of one process keep.
 *
 * @param isHere whether an extension runs in that process: nobody reads what others keep
 */
export function serveStorage(
  connection: MessageConnection,
  storages: ExtensionStorages,
  isHere: (extension: string) => boolean,
): void {
  const own = (extension: string): string => {
    if (isHere(extension)) return extension;
    throw fail('permission', 'an extension has its own storage only');
  };
  answer(connection, storageMethods.get, async ({ extension, key }: StorageRequest) => ({
    value: await storages.get(own(extension), key),
  }));
  answer(connection, storageMethods.set, ({ extension, key, value }: StorageSetRequest) =>
    storages.set(own(extension), key, value),
  );
  answer(connection, storageMethods.keys, (extension: string) => storages.keys(own(extension)));
}
