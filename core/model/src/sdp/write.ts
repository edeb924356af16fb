import { plainText } from './lines.ts';

/** What a sender of ours announces about itself. */
export interface SdpContent {
  readonly origin: {
    /** `-` unless given. */
    readonly username?: string;
    /** Decimal; stable for the life of the sender. */
    readonly sessionId: string;
    /** Decimal; rises with every change of the text. */
    readonly sessionVersion: string;
    /** IPv4 address of the interface of the first leg. */
    readonly address: string;
  };
  /** Short, ASCII and unique per machine is understood best; control characters become blanks. */
  readonly name: string;
  readonly encoding: string;
  readonly rate: number;
  readonly channels: number;
  readonly payloadType: number;
  readonly framesPerPacket: number;
  /** One, or two for ST 2022-7. */
  readonly legs: readonly SdpContentLeg[];
  readonly referenceClock:
    | {
        readonly kind: 'ptp';
        readonly version?: string;
        readonly grandmaster: string;
        readonly domain: number;
      }
    | { readonly kind: 'localmac'; readonly mac: string };
  /** RTP = (media + offset) mod 2^32; 0 unless given, as ST 2110-30 wants. */
  readonly mediaOffset?: number;
  /** Names of channels in order; what is missing gets its number. Commas become blanks: they separate names. */
  readonly channelLabels?: readonly string[];
  /** Write `a=source-filter` for legs that know their source. Off: it made Dante Controller hide a stream. */
  readonly sourceFilter?: boolean;
}

export interface SdpContentLeg {
  readonly address: string;
  readonly port: number;
  readonly ttl: number;
  /** Address of the interface that this leg leaves by. */
  readonly source?: string;
}

/** Characters of the labels line: far below the limit of readers, and an announcement stays in one packet. */
const maxLabels = 600;

/**
 * Writes a description in the form that devices of all makers are known to take: CRLF, one c= for the session when there
 * is one leg, `a=group:DUP` with a c= each when there are two (RFC 7104), clock attributes at media level (ST 2110-10).
 */
export function writeSdp(content: SdpContent): string {
  const { origin, legs, referenceClock } = content;
  const mids = legs.length > 1 ? ['primary', 'secondary'] : [];
  const lines = [
    'v=0',
    `o=${word(origin.username ?? '-')} ${origin.sessionId} ${origin.sessionVersion} IN IP4 ${origin.address}`,
    `s=${plainText(content.name) || '-'}`,
    ...legs.slice(0, mids.length === 0 ? 1 : 0).map(connection),
    't=0 0',
    ...(referenceClock.kind === 'ptp' && referenceClock.version !== 'IEEE1588-2002'
      ? [`a=clock-domain:PTPv2 ${referenceClock.domain}`]
      : []),
    ...(mids.length > 0 ? [`a=group:DUP ${mids.join(' ')}`] : []),
    ...legs.flatMap((leg, i) => media(content, leg, mids[i])),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function media(content: SdpContent, leg: SdpContentLeg, mid: string | undefined): readonly string[] {
  const { payloadType, rate, channels, framesPerPacket, referenceClock, mediaOffset = 0 } = content;
  return [
    `m=audio ${leg.port} RTP/AVP ${payloadType}`,
    `i=${channels} channels: ${labels(content)}`,
    ...(mid === undefined ? [] : [connection(leg)]),
    ...(content.sourceFilter && leg.source
      ? [`a=source-filter: incl IN IP4 ${leg.address} ${leg.source}`]
      : []),
    'a=recvonly',
    `a=rtpmap:${payloadType} ${content.encoding}/${rate}/${channels}`,
    `a=ptime:${formatPacketTime(framesPerPacket, rate)}`,
    `a=framecount:${framesPerPacket}`,
    `a=ts-refclk:${referenceText(referenceClock)}`,
    `a=mediaclk:direct=${mediaOffset}`,
    `a=sync-time:${mediaOffset}`,
    ...(mid === undefined ? [] : [`a=mid:${mid}`]),
  ];
}

/** RFC 7273 section 4.8. PTPv1 has no domain numbers. */
function referenceText(clock: SdpContent['referenceClock']): string {
  if (clock.kind === 'localmac') return `localmac=${clock.mac.toUpperCase()}`;
  const { version = 'IEEE1588-2008', grandmaster, domain } = clock;
  const server = grandmaster.toUpperCase();
  return version === 'IEEE1588-2002' ? `ptp=${version}:${server}` : `ptp=${version}:${server}:${domain}`;
}

function connection(leg: SdpContentLeg): string {
  return `c=IN IP4 ${leg.address}/${leg.ttl}`;
}

function labels({ channels, channelLabels = [] }: SdpContent): string {
  const names: string[] = [];
  let length = 0;
  for (let channel = 0; channel < channels; channel++) {
    const name = plainText((channelLabels[channel] ?? '').replaceAll(',', ' ')) || `${channel + 1}`;
    length += name.length + 2;
    if (length > maxLabels) break;
    names.push(name);
  }
  return names.join(', ');
}

/**
 * Packet time in milliseconds, exact if three decimals are enough, otherwise with as many as readers need to get the
 * frames back by rounding (AES67-2018 s.8.1: right to within half a sample): 0.125, 1, 0.33, 1.09 at 44.1 kHz.
 */
export function formatPacketTime(frames: number, rate: number): string {
  const exact = (frames * 1000) / rate;
  if (Math.abs(exact * 1000 - Math.round(exact * 1000)) < 1e-9) return `${Math.round(exact * 1000) / 1000}`;
  for (let decimals = 2; decimals < 9; decimals++) {
    const text = exact.toFixed(decimals);
    if (Math.round((Number(text) * rate) / 1000) === frames) return text;
  }
  return `${exact}`;
}

/** The username has no blanks (RFC 8866 section 5.2). */
function word(text: string): string {
  return plainText(text).replace(/\s+/g, '_') || '-';
}
