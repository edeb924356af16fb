import { createRequire } from 'node:module';

/** What mDNSResponder said about one operation. */
export interface DnsSdReply {
  /** 0, or an error of dns_sd.h. */
  readonly error: number;
  /** Of a record: whether it is there, or there no more. */
  readonly isAdded: boolean;
  /** Of a registration: the instance name in force. */
  readonly name: string;
  /** Of a record: its data as on the wire, without compressed names. */
  readonly data: Uint8Array;
}

/** A connection to the daemon. Every call is made on the main thread and may wait for the daemon, never for the network. */
export interface NativeDnsSd {
  /** Whether all operations go through one socket; without, only an operation tells whether the daemon runs. */
  readonly isShared: boolean;
  /**
   * Asks until stopped.
   *
   * @param name escaped (RFC 1035 section 5.1)
   * @returns a positive number for `stop`, or a negative error of dns_sd.h.
   */
  query(interfaceIndex: number, name: string, code: number): number;
  /**
   * @param name not escaped
   * @param type with subtypes: `_rtsp._tcp,_ravenna`
   * @param txt as on the wire
   * @returns as {@link query} does.
   */
  register(interfaceIndex: number, name: string, type: string, port: number, txt: Uint8Array): number;
  stop(operation: number): void;
  close(): void;
}

/** `native/binding/dns_sd`. */
export interface DnsSdAddon {
  /** Throws where the system has no library, or no daemon answers. */
  readonly Connection: new (
    onReply: (operation: number, reply: DnsSdReply) => void,
    onLost: (error: number) => void,
  ) => NativeDnsSd;
  /** 0 if there is none of that name. */
  readonly interfaceIndex: (name: string) => number;
}

/** @param path of `dns_sd.node` */
export function loadDnsSdAddon(path: string): DnsSdAddon {
  return createRequire(import.meta.url)(path) as DnsSdAddon;
}
