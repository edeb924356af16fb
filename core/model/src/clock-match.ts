import type { ReferenceClock, SessionDescription, SessionStream } from './sdp/session.ts';

/** What our own media clock follows. */
export type ClockIdentity =
  | {
      readonly kind: 'ptp';
      /** EUI-64, upper case with dashes. */
      readonly grandmaster: string;
      readonly domain: number;
      /** As RFC 7273 names it; `IEEE1588-2008` unless it is PTPv1's `IEEE1588-2002`. */
      readonly version?: string;
      /** The grandmaster is traceable to TAI. */
      readonly traceable: boolean;
    }
  /** Nobody: the system clock, named by the MAC address of an interface (ST 2110-10 `localmac`). */
  | { readonly kind: 'localmac'; readonly mac: string };

export interface ClockMatch {
  /** `shared`: timestamps mean our media time. `foreign`: they do not. `unknown`: the description does not say. */
  readonly verdict: 'shared' | 'foreign' | 'unknown';
  /** One sentence for a person. */
  readonly reason: string;
  /** False when `shared` rests on an assumption that is worth a warning: a stale or missing grandmaster identity. */
  readonly certain: boolean;
}

/**
 * Does a stream share our clock? The policy of ST 2110-10 s.8.2 in practice: same domain and grandmaster are synchronous;
 * the same domain with another grandmaster is let in with doubt, since a description may be one election old; another
 * domain is foreign. Several `ts-refclk` lines: the best match counts (RFC 7273 section 4.8).
 */
export function matchClock(
  session: Pick<SessionDescription, 'clockDomain'>,
  stream: Pick<SessionStream, 'referenceClocks' | 'mediaClock'>,
  ours: ClockIdentity,
): ClockMatch {
  if (stream.mediaClock === undefined) {
    return unknown('The description does not say how timestamps relate to a clock (no mediaclk).');
  }
  if (stream.mediaClock.kind === 'sender') return foreign('The sender runs free (mediaclk:sender).');
  if (stream.mediaClock.kind === 'ieee1722') return foreign('The stream follows an AVB stream (IEEE 1722).');
  if (stream.referenceClocks.length > 0) {
    const matches = stream.referenceClocks.map((clock) => matchReference(clock, session.clockDomain, ours));
    return matches.reduce((best, match) => (rank(match) > rank(best) ? match : best));
  }
  if (session.clockDomain === undefined) return unknown('The description names no reference clock.');
  return matchPtp({ traceable: false }, session.clockDomain, ours);
}

function matchReference(
  clock: ReferenceClock,
  sessionDomain: number | undefined,
  ours: ClockIdentity,
): ClockMatch {
  switch (clock.kind) {
    case 'ptp':
      return matchPtp(clock, clock.domain ?? sessionDomain, ours);
    case 'localmac':
      if (ours.kind === 'localmac' && ours.mac === clock.mac) {
        return shared('Both run on the clock of this machine.');
      }
      return foreign(`The sender runs on its own clock (${clock.mac}).`);
    case 'local':
      return foreign('The sender runs on its own clock.');
    case 'ntp':
    case 'gps':
    case 'gal':
    case 'glonass':
    case 'private':
    case 'other':
      return unknown(`The stream follows "${clock.text}", which cannot be compared with our clock.`);
  }
}

function matchPtp(
  clock: { readonly version?: string; readonly grandmaster?: string; readonly traceable: boolean },
  domain: number | undefined,
  ours: ClockIdentity,
): ClockMatch {
  if (ours.kind !== 'ptp') return foreign('The stream follows PTP; we run on the system clock.');
  if (isPtpV1(clock.version) !== isPtpV1(ours.version)) {
    return unknown(
      'The stream and we follow PTP of different versions: times agree only if one device leads both.',
    );
  }
  if (isPtpV1(ours.version)) {
    return clock.grandmaster === ours.grandmaster
      ? shared(`Same PTPv1 leader, ${ours.grandmaster}.`)
      : foreign(`The stream follows another PTPv1 leader than ours, ${ours.grandmaster}.`);
  }
  if (domain !== undefined && domain !== ours.domain) {
    return foreign(`The stream follows PTP domain ${domain}, we follow domain ${ours.domain}.`);
  }
  if (clock.traceable) {
    return ours.traceable
      ? shared('Both clocks are traceable to TAI.')
      : unknown('The stream follows traceable time; our grandmaster does not claim to.');
  }
  if (clock.grandmaster === ours.grandmaster) return shared(`Same grandmaster, ${ours.grandmaster}.`);
  if (domain === undefined) {
    return clock.grandmaster === undefined
      ? unknown('The stream follows PTP, but the description names neither domain nor grandmaster.')
      : foreign(`The stream follows grandmaster ${clock.grandmaster}, we follow ${ours.grandmaster}.`);
  }
  return clock.grandmaster === undefined
    ? shared(`Same PTP domain ${domain}; the description does not name its grandmaster.`, false)
    : shared(
        `Same PTP domain ${domain}, but the description names grandmaster ${clock.grandmaster}, not ours: ` +
          'it may be older than the last election.',
        false,
      );
}

const isPtpV1 = (version: string | undefined): boolean => version === 'IEEE1588-2002';

function rank(match: ClockMatch): number {
  return { foreign: 0, unknown: 1, shared: match.certain ? 3 : 2 }[match.verdict];
}

function shared(reason: string, certain = true): ClockMatch {
  return { verdict: 'shared', reason, certain };
}
const foreign = (reason: string): ClockMatch => ({ verdict: 'foreign', reason, certain: true });
const unknown = (reason: string): ClockMatch => ({ verdict: 'unknown', reason, certain: true });
