import { readReferenceClocks } from './clocks.ts';
import { hasNoDestination, readLeg } from './connection.ts';
import { readChannelLabels } from './labels.ts';
import { sdpLimits } from './limits.ts';
import { quote, readInteger, words } from './lines.ts';
import { readMediaClock } from './media-clock.ts';
import { readPacketization } from './packet-time.ts';
import type { ProblemList } from './problems.ts';
import { readFormat } from './rtpmap.ts';
import type { MediaSection, SdpSection } from './sections.ts';
import type { SessionStream } from './session.ts';

/** A stream of one leg, with the part of the text it came from. */
export interface MediaStream {
  readonly media: MediaSection;
  readonly stream: SessionStream;
}

/** Why a medium gives no stream: it is something else than audio over RTP (`skipped`), or it has errors. */
export type MediaReading = MediaStream | 'skipped' | 'failed';

/** Reads one media part (RFC 8866 section 5.14) and what it inherits from the session part. */
export function readMedia(media: MediaSection, session: SdpSection, problems: ProblemList): MediaReading {
  const { head } = media;
  const [kind, portWord, protocol, ...types] = words(head.value, head);
  if (kind?.text.toLowerCase() !== 'audio') {
    problems.info(
      'not-audio',
      head,
      `A medium of kind ${quote(kind?.text ?? '')} is left out: it is not audio.`,
    );
    return 'skipped';
  }
  if (!portWord || !protocol) {
    problems.error('bad-media', head, 'm= must read as in "audio 5004 RTP/AVP 96".');
    return 'failed';
  }
  const [portText, portCount] = portWord.text.split('/');
  const port = readInteger(portText, sdpLimits.port);
  const control = media.attribute('control')?.value.trim() || undefined;
  const isLeftOpen = control !== undefined && (portText === '0' || hasNoDestination(media, session));
  if (port === undefined && !(isLeftOpen && portText === '0')) {
    problems.error('bad-port', portWord, `The port ${quote(portWord.text)} is not a number from 1 to 65535.`);
    return 'failed';
  }
  if (portCount !== undefined && portCount !== '1') {
    problems.warning('several-ports', portWord, `Only the first of the ports, ${port}, is used.`);
  }
  const profile = protocol.text.toUpperCase();
  if (profile.includes('SAVP')) {
    problems.error('encrypted', protocol, 'The stream is encrypted (SRTP), which is not supported.');
    return 'failed';
  }
  if (profile !== 'RTP/AVP' && profile !== 'RTP/AVPF') {
    problems.info('not-rtp', protocol, `Audio over ${quote(protocol.text)} is left out: it is not RTP.`);
    return 'skipped';
  }
  const format = readFormat(media, types, problems);
  const leg = isLeftOpen || port === undefined ? undefined : readLeg(media, session, port, problems);
  if (!format || !(leg || isLeftOpen)) return 'failed';
  const mediaClock = readMediaClock(media, session, format.rate, problems);
  const stream: SessionStream = {
    ...format,
    ...readPacketization(media, format.rate, problems),
    legs: leg ? [leg] : [],
    ...(control === undefined ? {} : { control }),
    referenceClocks: readReferenceClocks(media, session, problems),
    ...(mediaClock ? { mediaClock } : {}),
    channelLabels: readChannelLabels(media.first('i') ?? session.first('i'), format.channels, problems),
  };
  return { media, stream };
}
