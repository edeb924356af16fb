/**
 * The state of one link of a receiver's chain, in the words of NMOS BCP-008-01: `inactive` where there is nothing to judge
 * (not wanted, or what it rests on is broken), `healthy`, `partiallyHealthy`, `unhealthy`.
 */
export type HealthState = 'inactive' | 'healthy' | 'partiallyHealthy' | 'unhealthy';

export interface HealthFinding {
  readonly state: HealthState;
  /** One sentence for a person. */
  readonly message: string;
  /** The number that the judgement rests on, with its unit: `1000 packets/s, 0 lost in 10 s`. */
  readonly evidence: string;
  /** What to do, where something is to be done. */
  readonly fix?: string;
}

/** The links of the chain, in the order in which they depend on one another. */
export const healthDomains = ['link', 'connection', 'synchronisation', 'stream'] as const;
export type HealthDomain = (typeof healthDomains)[number];

/**
 * Is audio coming, and if not, where does the chain break? The four states of NMOS BCP-008-01 section "Receiver monitor" and,
 * beyond it, whether a signal is there. Judged over the last seconds, not since the beginning: a fault that is over is over.
 */
export interface ReceiverHealth extends Readonly<Record<HealthDomain, HealthFinding>> {
  /** The interfaces that it is received on are up. */
  readonly link: HealthFinding;
  /** Packets come, all of them, in time. */
  readonly connection: HealthFinding;
  /** Sender and device agree about time, or the difference is followed. */
  readonly synchronisation: HealthFinding;
  /** What comes is what the session announces, and can be decoded. */
  readonly stream: HealthFinding;
  /** Its channels go to device inputs, and something other than digital silence is on them. */
  readonly signal: HealthFinding;
  /** The worst of the four states; the signal has no part in it: a muted source is not a fault. */
  readonly overall: HealthState;
}
