import type { ClockState } from './engine-protocol.ts';
import type { ClockInfo } from './host-api.ts';

/**
 * What a clock source tells people beyond state and time: the `report` of the plug-in ABI (native/include/tutti/clock.h,
 * which gives the meaning of every member). Identities are EUI-64, upper case with dashes. A source leaves out what it
 * does not have.
 */
export interface ClockReport {
  readonly role?: 'follower' | 'grandmaster' | 'observer';
  /** Ours on the wire. */
  readonly identity?: string;
  readonly interfaces?: readonly ClockInterface[];
  readonly domain?: number;
  /** Who is measured: the grandmaster itself or a boundary clock. */
  readonly master?: {
    readonly identity: string;
    readonly port?: number;
    readonly address?: string;
    readonly interface?: string;
  };
  readonly dataset?: ClockDataset;
  /** Media time minus the master's, ns. */
  readonly offsetNs?: number;
  readonly pathDelayNs?: number;
  /** The master's rate against our oscillator, parts per million. */
  readonly ratePpm?: number;
  /** Messages a second, by kind. */
  readonly rates?: Readonly<Record<string, number>>;
  readonly counters?: Readonly<Record<string, number>>;
  /** Everyone who was heard, on every domain, the followed one first. */
  readonly candidates?: readonly ClockCandidate[];
  readonly lastStepNs?: number;
}

export interface ClockInterface {
  readonly name: string;
  readonly address?: string;
  /** Who took the timestamps: the network card, the kernel, or (the worst) the program. */
  readonly timestamping?: 'hardware' | 'kernel' | 'user';
  /** Why not better, as in `the network card has no clock`. */
  readonly reason?: string;
}

/** What a grandmaster says of itself in its Announce (IEEE 1588-2008 s.13.5), numbers as on the wire. */
export interface ClockDataset {
  readonly identity?: string;
  readonly priority1?: number;
  readonly clockClass?: number;
  readonly accuracy?: number;
  readonly variance?: number;
  readonly priority2?: number;
  readonly stepsRemoved?: number;
  readonly timeSource?: number;
  readonly utcOffset?: number;
  readonly utcOffsetValid?: boolean;
  readonly ptpTimescale?: boolean;
  readonly timeTraceable?: boolean;
  readonly frequencyTraceable?: boolean;
  readonly leap?: -1 | 0 | 1;
}

/** One line of the election table. */
export interface ClockCandidate {
  /** `PTPv2` unless it says otherwise. */
  readonly protocol?: string;
  readonly domain?: number;
  readonly identity: string;
  /** Whose time it gives; itself unless it is a boundary clock. */
  readonly grandmaster?: string;
  readonly port?: number;
  readonly address?: string;
  readonly interface?: string;
  readonly priority1?: number;
  readonly clockClass?: number;
  readonly accuracy?: number;
  readonly variance?: number;
  readonly priority2?: number;
  readonly stepsRemoved?: number;
  readonly announces?: number;
  /** Since it was last heard. */
  readonly ageMs?: number;
  readonly standing:
    'followed' | 'outvoted' | 'otherDomain' | 'unqualified' | 'silent' | 'invalid' | 'ourselves';
  /** Why it won or lost, one sentence. */
  readonly reason?: string;
}

/** One second of the clock's past. */
export interface ClockSample {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: ClockState;
  readonly offsetNs?: number;
  readonly pathDelayNs?: number;
  readonly errorNs?: number;
}

/** A change worth a line in a log. */
export interface ClockEvent {
  readonly at: string;
  readonly kind: 'source' | 'state' | 'grandmaster' | 'step';
  /** One sentence. */
  readonly message: string;
}

/** Answer of `GET /clock/report`. */
export interface ClockDetails extends ClockInfo {
  readonly report: ClockReport;
  /** Oldest first; at most an hour, one a second. */
  readonly history: readonly ClockSample[];
  /** Oldest first; the last 200. */
  readonly events: readonly ClockEvent[];
}
