import type { Disposable } from '@tutti/base';
import type { SessionDescription, SessionStream } from '@tutti/model';

/** Names of the pipelines in which extensions may step in. */
export const hookNames = [
  'sessionParsed',
  'receiverWillStart',
  'senderWillStart',
  'sdpWillPublish',
  'shutdown',
] as const;
export type HookName = (typeof hookNames)[number];

/** A receiver that is about to be made. What a tap returns is checked as if a person had asked for it. */
export interface ReceiverStart {
  readonly name: string;
  /** Session of the catalogue that it follows, if any. */
  readonly sessionId?: string;
  readonly stream: SessionStream;
  /** May be changed. */
  readonly timing: 'auto' | 'shared' | 'resample' | 'arrival';
  /** May be changed; absent: the default for its timing. Milliseconds, above 0. */
  readonly linkOffsetMs?: number;
}

/** A sender that is about to be made. What a tap returns is checked as if a person had asked for it. */
export interface SenderStart {
  readonly name: string;
  readonly encoding: string;
  readonly channels: number;
  readonly legs: readonly { readonly address: string; readonly port: number; readonly interface: string }[];
  /** May be changed. Milliseconds. */
  readonly packetTime: number;
  /** May be changed. 96 to 127. */
  readonly payloadType: number;
  /** May be changed. 0 to 63. */
  readonly dscp: number;
  /** May be changed. 1 to 255. */
  readonly ttl: number;
}

/**
 * Ordered pipelines in which extensions may step in. A tap gets the value and returns the next one; it has 2 s. One that
 * throws, or is late, is passed over and reported.
 */
export interface Hooks {
  /**
   * Repairs a vendor's dialect after reading; return the session, changed or not. Registering has sessions that are known
   * already read again, so that an extension that learned something more registers anew; when a tap goes, they stay as they
   * are.
   */
  sessionParsed(tap: (session: SessionDescription, sdp: string) => Promise<SessionDescription>): Disposable;
  /** Before a receiver is made for the first time; a restart makes it again as it was stored. */
  receiverWillStart(tap: (receiver: ReceiverStart) => Promise<ReceiverStart>): Disposable;
  /** Before a sender is made for the first time; a restart makes it again as it was stored. */
  senderWillStart(tap: (sender: SenderStart) => Promise<SenderStart>): Disposable;
  /** Changes the text of a session of ours before it is announced. */
  sdpWillPublish(tap: (sdp: string, senderId: string) => Promise<string>): Disposable;
  /** Host and engine are about to end; not when the host alone ends and audio goes on. */
  shutdown(tap: () => Promise<void>): Disposable;
}
