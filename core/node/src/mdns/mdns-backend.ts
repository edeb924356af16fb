import type { MdnsAdvertisement, MdnsRecord, MdnsRecordType, MdnsService, MdnsServiceKey } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import type { MdnsResponder } from '@tutti/common';

export interface ServiceReports {
  found(service: MdnsService): void;
  /** Only after it was found. */
  lost(key: MdnsServiceKey): void;
}

/** One way to speak multicast DNS. Requests have been checked; everything goes on until it is disposed. */
export interface MdnsBackend extends Disposable {
  readonly responder: MdnsResponder;
  browse(wanted: { readonly type: string; readonly subtype?: string }, reports: ServiceReports): Disposable;
  /** Follows one instance. */
  follow(instance: { readonly name: string; readonly type: string }, reports: ServiceReports): Disposable;
  /** Reports the whole list each time that it changes on one interface. */
  query(
    wanted: { readonly name: string; readonly type: MdnsRecordType },
    onRecords: (interfaceName: string, records: readonly MdnsRecord[]) => void,
  ): Disposable;
  advertise(advertisement: MdnsAdvertisement, onEstablished: (name: string) => void): Disposable;
}
