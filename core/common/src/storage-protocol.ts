/** Storage of extensions, between extension host and host, on the connection of extension-protocol.ts. */
export const storageMethods = {
  /** {@link StorageRequest} -> `{ value }`, without `value` if there is none. */
  get: 'storage/get',
  /** {@link StorageSetRequest} -> nothing. */
  set: 'storage/set',
  /** Extension id -> keys. */
  keys: 'storage/keys',
} as const;

export interface StorageRequest {
  /** `publisher.name`. */
  readonly extension: string;
  readonly key: string;
}

/** Without `value` it is removed. */
export interface StorageSetRequest extends StorageRequest {
  readonly value?: unknown;
}
