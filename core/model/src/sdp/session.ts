import type { ChannelCount, SampleRate } from '../format.ts';

/** What identifies a session for ever (RFC 8866 section 5.2): everything of `o=` but the version. */
export interface SessionOrigin {
  readonly username: string;
  /** Decimal digits of any length, kept as written: devices use 11 to 16 digits, leading zeros, 0. */
  readonly sessionId: string;
  /** Rises with every change of the description. */
  readonly sessionVersion: string;
  readonly addressType: 'IP4' | 'IP6';
  readonly address: string;
}

/** `a=ts-refclk` (RFC 7273 section 4, ST 2110-10). */
export type ReferenceClock =
  /** `grandmaster` is an EUI-64, upper case with dashes; absent when traceable, not given or all zero. */
  | {
      readonly kind: 'ptp';
      readonly version: string;
      readonly grandmaster?: string;
      readonly domain?: number;
      readonly traceable: boolean;
    }
  | { readonly kind: 'localmac'; readonly mac: string }
  | {
      readonly kind: 'ntp' | 'gps' | 'gal' | 'glonass' | 'local' | 'private' | 'other';
      readonly text: string;
    };

/** `a=mediaclk` (RFC 7273 section 5), or `a=sync-time` which plays the same role. */
export type MediaClockReference =
  /** RTP timestamp = (media clock + offset) mod 2^32. */
  | { readonly kind: 'direct'; readonly offset: number }
  /** Free running: the stream does not follow any shared clock. */
  | { readonly kind: 'sender' }
  | { readonly kind: 'ieee1722'; readonly stream: string };

/** One network path of a stream; ST 2022-7 has two. */
export interface StreamLeg {
  /** Destination: multicast group or unicast address. */
  readonly address: string;
  readonly port: number;
  /** IP TTL, when the connection line gives one. */
  readonly ttl?: number;
  /** Senders that `a=source-filter` includes; empty means any. */
  readonly sources: readonly string[];
  readonly mid?: string;
}

/** One stream of audio: a media section, or two joined by `a=group:DUP`. */
export interface SessionStream {
  /** Encoding name as in rtpmap, upper case: L16, L24, AM824... Whether a codec exists for it is not decided here. */
  readonly encoding: string;
  readonly rate: SampleRate;
  readonly channels: ChannelCount;
  readonly payloadType: number;
  /** Nominal packet time in milliseconds, when given. */
  readonly packetTime?: number;
  /** Frames in a packet as announced (framecount, or ptime rounded); packets themselves decide. */
  readonly framesPerPacket?: number;
  /** None where the description leaves open where packets go: then they are sent on request, see `control`. */
  readonly legs: readonly StreamLeg[];
  /**
   * `a=control` as written (RFC 2326 section C.1.1): the place, mostly relative to that of the description, at which a
   * server is asked to send the stream.
   */
  readonly control?: string;
  readonly referenceClocks: readonly ReferenceClock[];
  /** Absent when the description is silent. */
  readonly mediaClock?: MediaClockReference;
  /** Names of channels where the description gives them, in order; may be shorter than `channels`. */
  readonly channelLabels: readonly string[];
}

/** One announced session: what a description means, in our words. */
export interface SessionDescription {
  readonly origin: SessionOrigin;
  readonly name: string;
  readonly information?: string;
  /** `a=clock-domain:PTPv2 n` (RAVENNA). */
  readonly clockDomain?: number;
  /** `a=keywds`, as in `Dante`. */
  readonly keywords?: string;
  /** Audio streams; media that are not audio over RTP are left out with a problem of severity `info`. */
  readonly streams: readonly SessionStream[];
}

/** A remark about a text, with the place it is about. Lines and columns count from 1. */
export interface SdpProblem {
  /** `error`: the session cannot be used. `warning`: read all the same. `info`: left out on purpose. */
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable, as in `missing-connection`. */
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export interface SdpReadResult {
  /** Absent if a problem of severity `error` made the text unusable. */
  readonly session?: SessionDescription;
  readonly problems: readonly SdpProblem[];
}
