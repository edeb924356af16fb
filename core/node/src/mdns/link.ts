import type { MdnsAdvertisement } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import type { DnsRecord } from './dns-message.ts';
import type { RecordKey } from './record-cache.ts';

/** What is known of a name and type changed: by a record that is new, or because some went. */
export type OnChange = (added: DnsRecord | undefined) => void;

/** Multicast DNS on one interface, whoever speaks it. Times are milliseconds of one monotonic clock. */
export interface Link {
  /** Name of the interface. */
  readonly interface: string;
  /** Those that are known; nothing is known of what nobody watches. */
  records(key: RecordKey): readonly DnsRecord[];
  /**
   * Asks for records until disposed, and says when what is known of them changes.
   *
   * @param isShared whether several hosts may have records of that name and type
   */
  watch(key: RecordKey, isShared: boolean, onChange: OnChange, now: number): Disposable;
  /** Advertises until disposed; says the name in force when it is, and again when it changes. */
  publish(advertisement: MdnsAdvertisement, onEstablished: (name: string) => void, now: number): Disposable;
}

/** A link that is open. */
export interface LiveLink extends Disposable {
  readonly link: Link;
  /** Called after every use of the link: what is due is done. */
  readonly wake?: () => void;
}
