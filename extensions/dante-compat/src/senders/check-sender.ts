import { isMulticast, parseIpv4, readSdp, type SessionStream } from '@tutti/model';

/** Something about a sender of ours that keeps Dante devices from receiving it. Codes are stable. */
export interface SenderFinding {
  readonly code:
    | 'unreadable'
    | 'unicast'
    | 'prefix'
    | 'port'
    | 'rate'
    | 'encoding'
    | 'packet-time'
    | 'channels'
    | 'clock'
    | 'source-filter'
    | 'two-paths'
    | 'origin'
    | 'version';
  /** One sentence: what is wrong and what follows from it. */
  readonly message: string;
  /** One sentence: what to do. */
  readonly fix: string;
  /** With `prefix`: first two octets of the groups that the silent devices listen to. */
  readonly prefix?: string;
}

/** What devices with AES67 mode take. */
export interface ReceivingSide {
  /** First two octets of the groups that they listen to, as `239.69`, each with the names of devices that do. */
  readonly prefixes: ReadonlyMap<string, readonly string[]>;
}

/** What was published of a sender before. */
export type PublishedBefore = string | undefined;

/** Channels in a stream, frames in a packet and port that Dante takes in AES67 mode (protocols published; sdp/dante_*.sdp). */
export const danteLimits = { channels: 8, frames: 48, rate: 48_000, port: 5004, encoding: 'L24' } as const;

/**
 * Compares a sender's description with what Dante devices receive in AES67 mode. Nothing found means that nothing is known
 * to be in the way.
 */
export function checkSender(
  sdp: string,
  side: ReceivingSide,
  before?: PublishedBefore,
): readonly SenderFinding[] {
  const { session } = readSdp(sdp);
  const stream = session?.streams[0];
  if (!session || !stream) {
    return [{ code: 'unreadable', message: 'Its description cannot be read.', fix: 'Make the sender anew.' }];
  }
  return [
    ...checkDestination(stream, side),
    ...checkFormat(stream),
    ...checkClock(stream),
    ...checkText(sdp, stream),
    ...checkVersion(sdp, before),
  ];
}

function checkDestination({ legs }: SessionStream, { prefixes }: ReceivingSide): readonly SenderFinding[] {
  const [leg] = legs;
  if (!leg) return [];
  const findings: SenderFinding[] = [];
  if (!isMulticast(leg.address)) {
    const message = `It goes to ${leg.address} alone, and Dante devices take AES67 by multicast only.`;
    findings.push({ code: 'unicast', message, fix: 'Send to a multicast group.' });
  } else {
    const own = parseIpv4(leg.address)?.slice(0, 2).join('.');
    for (const [prefix, devices] of prefixes) {
      if (prefix === own) continue;
      const message = `${listOf(devices)} take streams from ${prefix}.0.0 only: a subscription to ${leg.address} looks fine there and stays silent.`;
      findings.push({ code: 'prefix', message, fix: `Send to a group of ${prefix}.0.0.`, prefix });
    }
  }
  if (leg.port !== danteLimits.port) {
    const message = `It goes to port ${leg.port}, and Dante devices listen to ${danteLimits.port}.`;
    findings.push({ code: 'port', message, fix: `Send to port ${danteLimits.port}.` });
  }
  return findings;
}

function checkFormat({ rate, encoding, channels, framesPerPacket }: SessionStream): readonly SenderFinding[] {
  const findings: SenderFinding[] = [];
  if (rate !== danteLimits.rate) {
    const message = `It runs at ${rate} Hz, and Dante devices take AES67 at 48 kHz only.`;
    findings.push({ code: 'rate', message, fix: 'Set the device to 48 kHz.' });
  }
  if (encoding !== danteLimits.encoding) {
    const message = `It is ${encoding}, and Dante devices take L24 only.`;
    findings.push({ code: 'encoding', message, fix: 'Send L24.' });
  }
  if (channels > danteLimits.channels) {
    const message = `It has ${channels} channels, and Dante devices take 8 in a stream at most.`;
    findings.push({ code: 'channels', message, fix: 'Make several senders of at most 8 channels.' });
  }
  if (framesPerPacket !== undefined && framesPerPacket > danteLimits.frames) {
    const message = `Its packets are ${(framesPerPacket / rate) * 1000} ms long, and Dante devices take at most 1 ms.`;
    findings.push({ code: 'packet-time', message, fix: 'Send packets of 1 ms.' });
  }
  return findings;
}

function checkClock({ referenceClocks, mediaClock }: SessionStream): readonly SenderFinding[] {
  const ptp = referenceClocks.find(
    (clock) => clock.kind === 'ptp' && clock.version !== 'IEEE1588-2002' && (clock.domain ?? 0) === 0,
  );
  if (ptp && mediaClock?.kind !== 'sender') return [];
  const message =
    'It does not follow a PTPv2 grandmaster of domain 0, as Dante devices do: they would play it with faults.';
  return [{ code: 'clock', message, fix: 'Follow the PTP clock of the network: see "tutti clock status".' }];
}

function checkText(sdp: string, { legs }: SessionStream): readonly SenderFinding[] {
  const findings: SenderFinding[] = [];
  if (/^a=source-filter:/im.test(sdp)) {
    const message = 'Its description has a source filter, which makes Dante Controller hide the stream.';
    findings.push({ code: 'source-filter', message, fix: 'Publish it without a=source-filter.' });
  }
  if (legs.length > 1) {
    const message = 'It has two paths (ST 2022-7), and Dante devices take one.';
    findings.push({ code: 'two-paths', message, fix: 'Make a sender with one path for them.' });
  }
  return findings;
}

/** The o= line has to stay and its version to rise, or Dante Controller shows stale routes (bondagit/aes67-linux-daemon issue 10). */
function checkVersion(sdp: string, before: PublishedBefore): readonly SenderFinding[] {
  if (before === undefined || before === sdp) return [];
  const [now, then] = [originOf(sdp), originOf(before)];
  if (!now || !then) return [];
  if (now.identity !== then.identity) {
    const message =
      'Its o= line became another one: Dante Controller takes it for a new stream and drops its routes.';
    return [{ code: 'origin', message, fix: 'Keep interface and address of the sender, or patch it again.' }];
  }
  if (now.version > then.version) return [];
  const message =
    'Its description changed and its version did not rise: Dante Controller goes on with the old one.';
  return [{ code: 'version', message, fix: 'Restart the sender.' }];
}

function originOf(sdp: string): { identity: string; version: bigint } | undefined {
  const origin = readSdp(sdp).session?.origin;
  if (!origin || !/^\d{1,40}$/.test(origin.sessionVersion)) return undefined;
  const identity = [origin.username, origin.sessionId, origin.addressType, origin.address].join(' ');
  return { identity, version: BigInt(origin.sessionVersion) };
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'Dante devices';
  if (names.length === 1) return `Dante devices as ${names[0] ?? ''}`;
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
