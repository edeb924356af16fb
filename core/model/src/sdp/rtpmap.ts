import { sdpLimits } from './limits.ts';
import { quote, readInteger, type Word } from './lines.ts';
import type { ProblemList } from './problems.ts';
import type { MediaSection, SdpAttribute } from './sections.ts';

/** What the payload of a stream is. */
export interface PayloadFormat {
  readonly payloadType: number;
  /** Upper case. */
  readonly encoding: string;
  readonly rate: number;
  readonly channels: number;
}

/** Payload types that need no rtpmap (RFC 3551 table 4), as far as they are audio anybody still sends. */
const staticFormats: readonly PayloadFormat[] = [
  { payloadType: 0, encoding: 'PCMU', rate: 8000, channels: 1 },
  { payloadType: 8, encoding: 'PCMA', rate: 8000, channels: 1 },
  { payloadType: 10, encoding: 'L16', rate: 44100, channels: 2 },
  { payloadType: 11, encoding: 'L16', rate: 44100, channels: 1 },
];

/**
 * Finds the format: the first payload type of the m= line that has an rtpmap, or else is static.
 * @param types the payload types of the m= line
 */
export function readFormat(
  media: MediaSection,
  types: readonly Word[],
  problems: ProblemList,
): PayloadFormat | undefined {
  const maps = media.attributes('rtpmap');
  for (const type of types) {
    const map = maps.find((candidate) => /^\s*(\S+)/.exec(candidate.value)?.[1] === type.text);
    if (map) return readRtpMap(map, problems);
  }
  const [first] = types;
  const payloadType = readInteger(first?.text, sdpLimits.payloadType);
  if (first === undefined || payloadType === undefined) {
    const message = 'The m= line names no payload type from 0 to 127.';
    problems.error('bad-payload-type', first ?? media.head, message);
    return undefined;
  }
  const known = staticFormats.find((format) => format.payloadType === payloadType);
  if (!known) {
    const message = `There is no rtpmap for payload type ${payloadType}, so the audio format is unknown.`;
    problems.error('missing-rtpmap', first, message);
  }
  return known;
}

/** Reads `a=rtpmap:<pt> <encoding>/<rate>[/<channels>]` (RFC 8866 section 6.6). No channel count means one. */
function readRtpMap(map: SdpAttribute, problems: ProblemList): PayloadFormat | undefined {
  const match = /^\s*(\S+)\s+([^/\s]+)\/([^/\s]*)(?:\/(\S*))?/.exec(map.value);
  if (!match) {
    problems.error('bad-rtpmap', map, 'rtpmap must read as in "96 L24/48000/8".');
    return undefined;
  }
  const [, typeText = '', name = '', rateText = '', channelText] = match;
  const payloadType = readInteger(typeText, sdpLimits.payloadType);
  const rate = readInteger(rateText, sdpLimits.rate);
  const channels = channelText ? readInteger(channelText, sdpLimits.channels) : 1;
  if (payloadType === undefined) {
    problems.error('bad-payload-type', map, `${quote(typeText)} is not a payload type from 0 to 127.`);
  }
  if (!/^[\w.+-]{1,32}$/.test(name)) {
    problems.error('bad-encoding', map, `${quote(name)} is not the name of an encoding.`);
  }
  if (rate === undefined) {
    problems.error('bad-rate', map, `The sampling rate ${quote(rateText)} is not from 8000 to 1536000 Hz.`);
  }
  if (channels === undefined) {
    problems.error(
      'bad-channels',
      map,
      `The channel count ${quote(channelText ?? '')} is not from 1 to 128.`,
    );
  }
  if (channelText === '') {
    problems.warning('empty-channels', map, 'The channel count is empty; one channel is assumed.');
  }
  if (problems.hasError || payloadType === undefined || rate === undefined || channels === undefined)
    return undefined;
  const encoding = name.toUpperCase();
  if (/^DSD\d+(_\d+)?$/.test(encoding)) {
    const message = `${encoding} is raw DSD, which no codec here plays. Set the sender to PCM or to DoP.`;
    problems.warning('dsd-encoding', map, message);
  }
  return { payloadType, encoding, rate, channels };
}
