import type { MdnsAdvertisement, MdnsRecordType, MdnsService, MdnsServiceKey, MdnsWait } from '@tutti/api';

/** Multicast DNS between extension host and host, on the connection of extension-protocol.ts. Handles are the former's. */
export const mdnsMethods = {
  /** Extension host to host: {@link MdnsBrowseRequest} -> nothing; the same for the others. */
  browse: 'mdns/browse',
  advertise: 'mdns/advertise',
  /** Notification: handle of a browser or an advertisement. */
  close: 'mdns/close',
  /** {@link MdnsResolveRequest} -> MdnsService. */
  resolve: 'mdns/resolve',
  /** {@link MdnsQueryRequest} -> MdnsRecord[]. */
  query: 'mdns/query',
  /** Notifications to the extension host. */
  found: 'mdns/found',
  lost: 'mdns/lost',
  established: 'mdns/established',
} as const;

export interface MdnsBrowseRequest {
  readonly handle: number;
  /** `publisher.name`. */
  readonly extension: string;
  readonly type: string;
  readonly subtype?: string;
}

export interface MdnsAdvertiseRequest {
  readonly handle: number;
  readonly extension: string;
  readonly advertisement: MdnsAdvertisement;
}

export interface MdnsResolveRequest extends MdnsWait {
  readonly name: string;
  readonly type: string;
}

export interface MdnsQueryRequest extends MdnsWait {
  readonly name: string;
  readonly type: MdnsRecordType;
}

export interface MdnsFound {
  readonly handle: number;
  readonly service: MdnsService;
}

export interface MdnsLost {
  readonly handle: number;
  readonly key: MdnsServiceKey;
}

export interface MdnsEstablished {
  readonly handle: number;
  readonly name: string;
}
