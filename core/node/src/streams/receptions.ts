import { createToken, type Event, type Problem } from '@tutti/base';

/** A description that was fetched anew for a receiver. Outside data. */
export interface FetchedDescription {
  readonly receiverId: string;
  readonly sdp: string;
}

/**
 * Receivers that were made from a URL: the extension that knows its scheme follows the description there, and has streams
 * sent that are sent on request, from the moment the engine listens until the receiver is removed.
 */
export interface Receptions {
  /** Why a stream is not sent to us; undefined while it is, or for receivers of groups. */
  problemOf(receiverId: string): Problem | undefined;
  readonly onDidDescribe: Event<FetchedDescription>;
  /** Other problems are known. */
  readonly onDidChange: Event<void>;
  start(): void;
}

export const ReceptionsToken = createToken<Receptions>('Receptions');
