/** DNS messages (RFC 1035 section 4) as far as multicast DNS needs them. */

/** Longest message (RFC 6762 section 17). */
export const maxMessageBytes = 9000;

/** Numbers of record types (RFC 1035 section 3.2.2, RFC 2782, RFC 3596). */
export const recordCodes = { A: 1, PTR: 12, TXT: 16, AAAA: 28, SRV: 33, ANY: 255 } as const;

/** What a record says. Names are in text form, see dns-name.ts. */
export type DnsData =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'PTR'; readonly target: string }
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | { readonly type: 'TXT'; readonly strings: readonly Uint8Array[] }
  /** Any other type, kept for comparison in probes. */
  | { readonly type: 'other'; readonly code: number; readonly bytes: Uint8Array };

export interface DnsRecord {
  readonly name: string;
  /** Seconds; 0 is a goodbye. */
  readonly ttl: number;
  /** The record set is unique to its owner: what was known before is void (RFC 6762 section 10.2). */
  readonly flush: boolean;
  readonly data: DnsData;
}

export interface DnsQuestion {
  readonly name: string;
  /** A code of {@link recordCodes} or any other. */
  readonly code: number;
  /** The asker would like a unicast answer (RFC 6762 section 5.4). */
  readonly unicast: boolean;
}

export interface DnsMessage {
  /** 0 but in answers to askers that are not multicast DNS (RFC 6762 section 6.7). */
  readonly id: number;
  readonly isResponse: boolean;
  /** Of a query: more known answers follow (RFC 6762 section 7.2). */
  readonly truncated: boolean;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

export function codeOf(data: DnsData): number {
  return data.type === 'other' ? data.code : recordCodes[data.type];
}

/** A message with what is not said empty. */
export function message(parts: Partial<DnsMessage>): DnsMessage {
  return {
    ...{ id: 0, isResponse: false, truncated: false },
    ...{ questions: [], answers: [], authorities: [], additionals: [] },
    ...parts,
  };
}
