import type { Problem } from '@tutti/base';
import type {
  ClockInfo,
  Counters,
  DsdInfo,
  HealthFinding,
  HealthState,
  ReceiverHealth,
  TimingKind,
} from '@tutti/common';
import { isMulticast, type ClockMatch } from '@tutti/model';

/** What is known of a receiver at one moment. */
export interface ReceiverObservation {
  readonly id: string;
  /** Why it is not in force. */
  readonly problem?: Problem;
  readonly engineRuns: boolean;
  /** A packet that was accepted came within the last second. */
  readonly flowing: boolean;
  readonly legs: readonly {
    readonly address: string;
    readonly port: number;
    readonly interface: string;
    readonly up: boolean;
  }[];
  readonly encoding: string;
  readonly channels: number;
  readonly timing: TimingKind;
  readonly linkOffsetMs: number;
  readonly clock: Pick<ClockInfo, 'source' | 'state' | 'errorNs'>;
  /** The stream's clock beside ours; undefined while ours is not known. */
  readonly match: ClockMatch | undefined;
  /** Counters since it was put in force. */
  readonly counters: Counters;
  /** By how much they grew in the last `seconds`. */
  readonly recent: { readonly seconds: number; readonly counters: Counters };
  /** The longest that our engine was held up within about as long. */
  readonly engineHeldUpMs: number;
  /** How many of its channels go to device inputs, and the highest peak there of late (linear). */
  readonly mapped: number;
  readonly peak: number | undefined;
  /** What it carries, if that is not PCM. */
  readonly dsd?: DsdInfo;
}

/** Peaks below this are digital silence: half a step of 24 bits. */
const silence = 1 / 2 ** 24;
/** If more of the packets than this come too late, what is heard is hardly the stream any more. */
const hopelessShare = 0.5;
/** What a link offset should have in reserve beyond the latest packet seen, ms. */
const reserveMs = 1;

const severity: Readonly<Record<HealthState, number>> = {
  inactive: 0,
  healthy: 1,
  partiallyHealthy: 2,
  unhealthy: 3,
};

/**
 * Says of each link of the chain whether it holds. What rests on a link that is broken is `inactive`: the first one that is
 * unhealthy is the one to mend.
 */
export function judgeReceiver(seen: ReceiverObservation): ReceiverHealth {
  const link = judgeLink(seen);
  const connection = link.state === 'unhealthy' ? notLookedAt('link') : judgeConnection(seen);
  const comes = connection.state === 'healthy' || connection.state === 'partiallyHealthy';
  const stream = comes || isUnsupported(seen) ? judgeStream(seen) : notLookedAt('connection');
  const synchronisation = !comes
    ? notLookedAt('connection')
    : seen.flowing
      ? judgeSynchronisation(seen)
      : notLookedAt('stream');
  const signal = seen.flowing ? judgeSignal(seen) : notLookedAt(comes ? 'stream' : 'connection');
  const domains = { link, connection, synchronisation, stream };
  const overall = Object.values(domains)
    .map(({ state }) => state)
    .reduce((worst, state) => (severity[state] > severity[worst] ? state : worst));
  return { ...domains, signal, overall };
}

/** A codec or a rate that is not there: the network has no part in it. */
const isUnsupported = ({ problem }: ReceiverObservation): boolean => problem?.code === 'unsupported';

function judgeLink({ legs, problem }: ReceiverObservation): HealthFinding {
  const down = legs.filter(({ up }) => !up).map((leg) => leg.interface);
  const evidence = `${legs.length - down.length} of ${legs.length} interfaces up`;
  if (down.length === 0 && problem?.code !== 'interfaceGone') {
    return { state: 'healthy', message: `Up: ${legs.map((leg) => leg.interface).join(', ')}.`, evidence };
  }
  const fix = 'Connect the cable, or choose another interface with --interface.';
  if (down.length < legs.length && problem === undefined) {
    const message = `${down.join(', ')} is down: this path does not protect the other one.`;
    return { state: 'partiallyHealthy', message, evidence, fix };
  }
  const message = problem?.message ?? `${down.join(' and ')} is down or gone.`;
  return { state: 'unhealthy', message, evidence, fix };
}

function judgeConnection(seen: ReceiverObservation): HealthFinding {
  const { recent, problem, engineRuns, flowing, legs, counters } = seen;
  const grown = (name: string): number => recent.counters[name] ?? 0;
  const perSecond = (count: number): number => (recent.seconds > 0 ? Math.round(count / recent.seconds) : 0);
  const groups = legs.map(({ address, port, interface: via }) => `${address}:${port} on ${via}`).join(', ');
  if (!engineRuns) {
    const message = 'The engine is not running; it is being started again.';
    return { state: 'unhealthy', message, evidence: '0 packets/s' };
  }
  if (isUnsupported(seen)) return { state: 'inactive', message: 'Not joined.', evidence: '0 packets/s' };
  if (problem !== undefined) {
    const { message, fix } = problem;
    return { state: 'unhealthy', message, evidence: '0 packets/s', ...(fix !== undefined && { fix }) };
  }
  if (!flowing) {
    const odd = grown('wrongPayloadType') + grown('malformed');
    if (odd > 0)
      return {
        state: 'healthy',
        message: `Packets come to ${groups}.`,
        evidence: `${perSecond(odd)} packets/s`,
      };
    const others = grown('wrongSource');
    if (others > 0) {
      const message = `Packets come to ${groups}, but from other senders than the session names.`;
      const fix = 'Another sender has this group: give one of them another address.';
      return { state: 'unhealthy', message, evidence: `${others} refused in ${recent.seconds} s`, fix };
    }
    const had = (counters['packets'] ?? 0) > 0;
    return {
      state: 'unhealthy',
      message: had ? `Packets have stopped coming to ${groups}.` : `No packet has come to ${groups}.`,
      evidence: '0 packets/s',
      fix: legs.some(({ address }) => isMulticast(address))
        ? 'Is the sender on, is this the right interface, and does the switch have an IGMP querier?'
        : 'Is the sender on, and does every firewall between let UDP to this port pass?',
    };
  }
  const packets = grown('packets');
  const [lost, late] = [grown('lost'), grown('late')];
  const evidence = `${perSecond(packets)} packets/s, ${lost} lost and ${late} late in ${recent.seconds} s`;
  if (late > 0) {
    const state = late > hopelessShare * packets ? 'unhealthy' : 'partiallyHealthy';
    // What takes half of what the link offset holds is likelier to be why than a network.
    const heldUp = seen.engineHeldUpMs > seen.linkOffsetMs / 2;
    const why = heldUp ? `: this computer held the engine up for ${seen.engineHeldUpMs} ms` : '';
    const message = `${late} packets came too late to be played${why}.`;
    return { state, message, evidence, fix: longerLinkOffset(seen, seen.engineHeldUpMs) };
  }
  if (lost > 0) {
    const message = `${lost} packets were lost on the way.`;
    const fix = 'Look at the error counters of the switch ports, and at what else this link carries.';
    return { state: 'partiallyHealthy', message, evidence, fix };
  }
  const silent = legs.filter((_, i) => recent.seconds > 0 && grown(legCounter(i)) === 0);
  if (legs.length > 1 && silent[0] !== undefined) {
    const { address, interface: via } = silent[0];
    const message = `No packet comes to ${address} on ${via}: this path does not protect the other one.`;
    return { state: 'partiallyHealthy', message, evidence };
  }
  const apartMs = Math.abs(counters['legSkewNs'] ?? 0) / 1e6;
  if (legs.length > 1 && apartMs > seen.linkOffsetMs) {
    const message = `One path is ${apartMs.toFixed(1)} ms behind the other, more than the link offset holds: it does not protect.`;
    return { state: 'partiallyHealthy', message, evidence, fix: longerLinkOffset(seen, apartMs) };
  }
  return { state: 'healthy', message: 'All packets come, in time.', evidence };
}

export const legCounter = (leg: number): string => (leg === 0 ? 'legAPackets' : 'legBPackets');

/** @param heldMs what it has to hold besides: the margin tells of a path or an engine that is behind only when its next window has ended. */
function longerLinkOffset({ id, linkOffsetMs, counters }: ReceiverObservation, heldMs: number): string {
  const lateByMs = Math.max(0, -(counters['marginMinNs'] ?? 0) / 1e6);
  const enough = Math.ceil(Math.max(linkOffsetMs + lateByMs, heldMs) + reserveMs);
  return `Choose a longer link offset: tutti receiver set ${id} --link-offset ${enough}`;
}

function judgeSynchronisation(seen: ReceiverObservation): HealthFinding {
  const { timing, clock, match, counters, recent } = seen;
  const grown = (name: string): number => recent.counters[name] ?? 0;
  const reason = match?.reason ?? 'Our own clock is not known yet.';
  const error = clock.errorNs === undefined ? '' : `, ±${(clock.errorNs / 1000).toFixed(2)} µs`;
  const evidence = `${clock.source} ${clock.state}${error}`;
  if (timing !== 'shared') {
    const again = grown('reanchors');
    const ppm = (counters['senderPpb'] ?? 0) / 1000;
    const difference = timing === 'resample' ? `${ppm < 0 ? '' : '+'}${ppm.toFixed(1)} ppm, ` : '';
    const anew = `${difference}${again} times anew in ${recent.seconds} s`;
    const how =
      timing === 'resample'
        ? 'The sender runs on another clock: it is followed and resampled.'
        : 'The sender runs on another clock: placed by arrival, with a jump now and then.';
    if (counters['anchored'] !== 1)
      return {
        state: 'partiallyHealthy',
        message: 'The clock of the sender is being measured.',
        evidence: anew,
      };
    if (again === 0) return { state: 'healthy', message: `${how} ${reason}`, evidence: anew };
    const fix = 'Look for jumps of its timestamps, or use one grandmaster on both sides.';
    return { state: 'partiallyHealthy', message: `${how} Its timing jumped.`, evidence: anew, fix };
  }
  const early = grown('early');
  if (early > 0) {
    return {
      state: 'unhealthy',
      message: `The timestamps are not on our timeline. ${reason}`,
      evidence: `${early} packets far too early in ${recent.seconds} s`,
      fix: `Use one grandmaster on both sides, or tutti receiver set ${seen.id} --timing resample`,
    };
  }
  if (clock.state === 'holdover') {
    const message = 'Our clock has lost its grandmaster and goes on at the rate that it had.';
    return { state: 'partiallyHealthy', message, evidence, fix: 'See "tutti clock status".' };
  }
  if (clock.state !== 'locked' && clock.state !== 'freeRun') {
    const message = 'Our clock is not locked yet.';
    return { state: 'partiallyHealthy', message, evidence, fix: 'See "tutti clock status".' };
  }
  if (match?.verdict === 'shared' && match.certain) return { state: 'healthy', message: reason, evidence };
  const message = `Placed as if the clock were shared. ${reason}`;
  return { state: 'partiallyHealthy', message, evidence };
}

function judgeStream(seen: ReceiverObservation): HealthFinding {
  const { problem, recent, encoding, channels, flowing, counters } = seen;
  const grown = (name: string): number => recent.counters[name] ?? 0;
  const within = `in ${recent.seconds} s`;
  if (problem !== undefined) {
    const { message, fix } = problem;
    return { state: 'unhealthy', message, evidence: encoding, ...(fix !== undefined && { fix }) };
  }
  const worst = flowing ? 'partiallyHealthy' : 'unhealthy';
  const fix = 'The sender does not send what it announces: receive its present session anew.';
  if (grown('wrongPayloadType') > 0) {
    const message = 'Packets carry another payload type than the session says.';
    return { state: worst, message, evidence: `${grown('wrongPayloadType')} refused ${within}`, fix };
  }
  if (grown('malformed') > 0) {
    const message = `Packets are not whole frames of ${channels} channels of ${encoding}.`;
    return { state: worst, message, evidence: `${grown('malformed')} refused ${within}`, fix };
  }
  if (grown('ssrcConflicts') > 0) {
    const message = 'A second sender sends to the same group; its packets are refused.';
    const evidence = `${grown('ssrcConflicts')} refused ${within}`;
    return { state: 'partiallyHealthy', message, evidence, fix: 'Give one of the two another address.' };
  }
  if (grown('missingFrames') > 0) {
    const message = 'There was silence for samples that had not come.';
    return { state: 'partiallyHealthy', message, evidence: `${grown('missingFrames')} frames ${within}` };
  }
  const message = `${encoding}, ${channels} channels, ${counters['framesPerPacket'] ?? 0} frames a packet.`;
  return { state: 'healthy', message, evidence: `0 refused ${within}` };
}

function judgeSignal({ mapped, peak, dsd }: ReceiverObservation): HealthFinding {
  if (mapped === 0) {
    const fix = 'Patch it in the routing grid, or with "tutti route set".';
    return { state: 'unhealthy', message: 'No channel goes to a device input.', evidence: '0 routes', fix };
  }
  const evidence = `${mapped} routes`;
  if (dsd?.as === 'dop')
    return { state: 'healthy', message: `${dsd.name} as DoP, bit for bit: it has no level.`, evidence };
  if (peak === undefined) return { state: 'inactive', message: 'No meters yet.', evidence };
  if (peak < silence) {
    const message = 'Digital silence on every input of this receiver.';
    return { state: 'partiallyHealthy', message, evidence, fix: 'Is the source muted?' };
  }
  return {
    state: 'healthy',
    message: 'There is a signal.',
    evidence: `${(20 * Math.log10(peak)).toFixed(1)} dBFS`,
  };
}

function notLookedAt(first: string): HealthFinding {
  return { state: 'inactive', message: `Not looked at: ${first} comes first.`, evidence: '-' };
}
