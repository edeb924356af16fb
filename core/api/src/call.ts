/** What comes along with every call into an extension. */
export interface Call {
  /** Aborted when nobody waits for the answer any more: the caller went, or its time is over. */
  readonly signal: AbortSignal;
}
