/** A session of ours that others should see. */
export interface PublishedSession {
  /** The sender's id. */
  readonly id: string;
  readonly sdp: string;
  /** Address of the local interface that the session's first leg leaves by. */
  readonly interfaceAddress: string;
}

/** Announces our senders. */
export interface SessionPublisher {
  readonly id: string;
  /** The whole set that should be announced from now on: a change is re-announced at once, what is missing is withdrawn. */
  publish(sessions: readonly PublishedSession[]): Promise<void>;
}
