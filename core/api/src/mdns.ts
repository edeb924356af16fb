import type { Disposable, Event } from '@tutti/base';

/** An instance of a service as DNS-SD (RFC 6763) describes it, on one interface. Outside data, bounded and checked. */
export interface MdnsService {
  /** Instance name as people read it: up to 63 bytes of UTF-8, dots and blanks included, nothing escaped. */
  readonly name: string;
  /** As in `_rtsp._tcp`, without subtype and domain. */
  readonly type: string;
  /** Name of the local interface it was heard on. */
  readonly interface: string;
  /** Host name of the SRV record, as in `anubis.local`. */
  readonly host: string;
  /** 0 to 65535, from the SRV record; never assume a constant. */
  readonly port: number;
  /** IPv4 addresses of the host; at least one. */
  readonly addresses: readonly string[];
  /** The TXT record: keys in lower case, the first of equal ones counts (RFC 6763 section 6.4); '' for a key without value. */
  readonly txt: Readonly<Record<string, string>>;
}

/** Which instance of a service: the same name may be there on two interfaces. */
export type MdnsServiceKey = Pick<MdnsService, 'name' | 'type' | 'interface'>;

/** Looks for instances until it is disposed. */
export interface MdnsBrowser extends Disposable {
  /** Those that are there now. */
  readonly services: readonly MdnsService[];
  /** An instance is there with all its records, or something of it changed. */
  readonly onDidFind: Event<MdnsService>;
  /** An instance said goodbye, expired, or its interface is gone. */
  readonly onDidLose: Event<MdnsServiceKey>;
}

/** A service of ours that others should find. */
export interface MdnsAdvertisement {
  /** Wanted instance name, 1 to 63 bytes of UTF-8; becomes `name (2)` if somebody else has it. */
  readonly name: string;
  /** As in `_rtsp._tcp`. */
  readonly type: string;
  /** As in `_ravenna`. At most 8. */
  readonly subtypes?: readonly string[];
  /** 1 to 65535. */
  readonly port: number;
  /** At most 255 bytes a pair, 1300 in all. */
  readonly txt?: Readonly<Record<string, string>>;
  /** Names of the interfaces to be found on; all that Tutti uses if absent. */
  readonly interfaces?: readonly string[];
}

/** Advertises until it is disposed; then it says goodbye. */
export interface MdnsRegistration extends Disposable {
  /** Fires the name in force when it is in force, and again when a conflict changed it. */
  readonly onDidEstablish: Event<string>;
}

/** One resource record. */
export interface MdnsRecord {
  /** Text form, labels with dots and backslashes escaped (RFC 1035 section 5.1). */
  readonly name: string;
  readonly type: MdnsRecordType;
  /** Name of the local interface. */
  readonly interface: string;
  /** Address; name of a PTR's target; `priority weight port target` of an SRV; strings of a TXT, in JSON. */
  readonly data: string;
}

export type MdnsRecordType = 'A' | 'AAAA' | 'PTR' | 'SRV' | 'TXT';

export interface MdnsWait {
  /** Milliseconds, at most 10 000; 3000 if absent. */
  readonly timeoutMs?: number;
}

/**
 * Multicast DNS (RFC 6762) and DNS-based service discovery (RFC 6763) in the domain `local`, on the interfaces that Tutti
 * uses. The core does it for all extensions: through the system's responder where one runs, by itself otherwise.
 */
export interface Mdns {
  /** @throws TuttiError `invalid` if the type is none. */
  browse(type: string, options?: { readonly subtype?: string }): MdnsBrowser;
  /** One instance, without browsing. @throws TuttiError `timeout`, `invalid`. */
  resolve(name: string, type: string, options?: MdnsWait): Promise<MdnsService>;
  /**
   * Records of a name: what comes until the time is over, or for unique records until the first is there.
   *
   * @param name text form with escapes, as in `_rtsp._tcp.local`
   * @throws TuttiError `invalid`. Nothing found is an empty list.
   */
  query(name: string, type: MdnsRecordType, options?: MdnsWait): Promise<readonly MdnsRecord[]>;
  /** @throws TuttiError `invalid` that names the field. */
  advertise(advertisement: MdnsAdvertisement): MdnsRegistration;
}
