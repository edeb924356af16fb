import { isAdminScoped, isMulticast } from '../address.ts';
import { bytesPerSample, maxPayloadBytes } from '../format.ts';
import type { MediaStream } from './media.ts';
import type { Place, ProblemList } from './problems.ts';
import { readSdpWithPlaces, type SdpReading } from './read.ts';
import type { SdpReadResult, StreamLeg } from './session.ts';

/**
 * Reads a description and adds warnings about what other devices are known to stumble over, though we take it: for
 * `tutti sdp check`.
 */
export function checkSdp(text: string): SdpReadResult {
  const reading = readSdpWithPlaces(text);
  const { session, streams, problems } = reading;
  if (session) {
    checkSession(reading, text);
    for (const item of streams) {
      checkFormat(item, problems);
      checkPacketTime(item, problems);
      checkClock(item, problems);
      for (const leg of item.stream.legs) checkLeg(leg, item.media.head, problems);
    }
  }
  return { ...(session ? { session } : {}), problems: problems.sorted() };
}

function checkSession({ session, sections, problems }: SdpReading, text: string): void {
  if (!session || !sections) return;
  if (/[^\r]\n/.test(text)) {
    const message = 'Lines should end with CRLF (RFC 8866 section 5); some readers want it.';
    problems.warning('line-end', { line: 1, column: 1 }, message);
  }
  const name = sections.session.first('s');
  if (name && session.name === '') {
    problems.warning('empty-name', name, 'The session has no name; write s=- at least.');
  }
  if (name && /[^\x20-\x7e]/.test(session.name)) {
    problems.warning(
      'name-not-ascii',
      name,
      'The name has characters beyond ASCII, which some devices garble.',
    );
  }
  const origin = sections.session.first('o');
  if (origin && Number(session.origin.sessionId) === 0) {
    const message = 'The session id is 0: sessions of one device cannot be told apart.';
    problems.warning('weak-origin', origin, message);
  }
}

function checkFormat({ stream, media }: MediaStream, problems: ProblemList): void {
  const place: Place = media.attribute('rtpmap') ?? media.head;
  const { encoding, rate, channels } = stream;
  if (bytesPerSample(encoding) === undefined) {
    problems.warning('encoding-not-aes67', place, `AES67 devices take L16 and L24, not ${encoding}.`);
  }
  if (![44100, 48000, 96000].includes(rate)) {
    problems.warning('rate-not-aes67', place, `AES67 knows 44.1, 48 and 96 kHz, not ${rate} Hz.`);
  }
  if (channels > 8) {
    problems.warning(
      'many-channels',
      place,
      `${channels} channels: AES67 devices need to take only 8 in a stream.`,
    );
  }
}

/** Frames of the packet times of AES67-2018 s.7.2, at 48 kHz and, the same counts, at 44.1 kHz. */
const aes67Frames = [6, 12, 16, 48, 192];

function checkPacketTime({ stream, media }: MediaStream, problems: ProblemList): void {
  const place: Place = media.attribute('ptime') ?? media.attribute('framecount') ?? media.head;
  const frames = stream.framesPerPacket;
  if (stream.packetTime === undefined) {
    problems.warning('no-ptime', place, 'There is no ptime: receivers have to learn it from the packets.');
  }
  if (frames === undefined) return;
  const scale = stream.rate > 48000 ? stream.rate / (stream.rate % 44100 === 0 ? 44100 : 48000) : 1;
  if (!aes67Frames.includes(frames / scale)) {
    problems.warning('ptime-not-aes67', place, `${frames} frames a packet is not a packet time of AES67.`);
  } else if (frames / scale !== 48) {
    problems.warning('ptime-not-1ms', place, 'Only 1 ms packets are taken by every AES67 device.');
  }
  const payload = frames * stream.channels * (bytesPerSample(stream.encoding) ?? 0);
  if (payload > maxPayloadBytes) {
    const message = `Packets carry ${payload} bytes; AES67 allows ${maxPayloadBytes}. Use fewer channels or a shorter ptime.`;
    problems.warning('large-payload', place, message);
  }
}

function checkClock({ stream, media }: MediaStream, problems: ProblemList): void {
  if (stream.referenceClocks.length === 0) {
    problems.warning(
      'no-ts-refclk',
      media.head,
      'There is no ts-refclk: receivers cannot know the shared clock.',
    );
  }
  if (stream.mediaClock === undefined) {
    problems.warning(
      'no-mediaclk',
      media.head,
      'There is no mediaclk: receivers cannot place packets in time.',
    );
  } else if (stream.mediaClock.kind !== 'direct') {
    problems.warning(
      'not-synchronous',
      media.head,
      'The stream follows no shared clock: it has to be resampled.',
    );
  } else if (stream.mediaClock.offset !== 0) {
    problems.warning('media-offset', media.head, 'ST 2110-30 devices want a media clock offset of 0.');
  }
  const filter = media.attribute('source-filter');
  if (filter) {
    const message = 'Dante Controller has been seen to hide streams with a source filter.';
    problems.warning('source-filter', filter, message);
  }
}

function checkLeg(leg: StreamLeg, place: Place, problems: ProblemList): void {
  if (isMulticast(leg.address)) {
    if (leg.ttl === undefined) {
      problems.warning('no-ttl', place, `The group ${leg.address} has no TTL, which IPv4 multicast needs.`);
    }
    if (!isAdminScoped(leg.address)) {
      problems.warning(
        'group-scope',
        place,
        `AES67 uses groups from 239.0.0.0/8; ${leg.address} is not one.`,
      );
    }
  }
  if (leg.port % 2 === 1) {
    problems.warning('odd-port', place, `RTP ports are even; ${leg.port} is odd (RFC 3550 section 11).`);
  }
}
