import { quote, words } from './lines.ts';
import type { MediaStream } from './media.ts';
import type { ProblemList } from './problems.ts';
import type { SdpAttribute, SdpSection } from './sections.ts';
import type { ReferenceClock, SessionStream } from './session.ts';

/**
 * Joins media that `a=group:DUP` declares to carry the same packets into one stream of two legs (RFC 7104 section 4.2,
 * ST 2022-7). Media that do not fit together stay streams of their own, with a warning.
 */
export function joinLegs(
  media: readonly MediaStream[],
  session: SdpSection,
  problems: ProblemList,
): readonly MediaStream[] {
  for (const group of media.flatMap((item) => item.media.attribute('ssrc-group') ?? [])) {
    if (/^\s*DUP\b/i.test(group.value)) {
      problems.warning('ssrc-dup', group, 'Two copies come to one address; the second one is not used.');
    }
  }
  let streams = media;
  for (const group of session.attributes('group')) {
    const [semantics, ...ids] = words(group.value, group).map((word) => word.text);
    if (semantics?.toUpperCase() !== 'DUP') continue;
    streams = joinGroup(
      streams,
      ids.map((id) => id.replace(/;$/, '')),
      group,
      problems,
    );
  }
  return streams;
}

function joinGroup(
  streams: readonly MediaStream[],
  ids: readonly string[],
  group: SdpAttribute,
  problems: ProblemList,
): readonly MediaStream[] {
  const members = ids.map((id) => streams.find((item) => item.stream.legs.some((leg) => leg.mid === id)));
  const [first, second] = [...new Set(members.filter((member) => member !== undefined))];
  // Legs of video, or of a medium that could not be read, were reported there.
  if (!first) return streams;
  if (!second) {
    const missing = ids.find((_, i) => members[i] === undefined) ?? '';
    problems.warning(
      'dup-incomplete',
      group,
      `The second leg ${quote(missing)} is not there; one leg is used.`,
    );
    return streams;
  }
  if (ids.length > 2) {
    problems.warning('dup-many-legs', group, 'More than two legs are declared; the first two are used.');
  }
  const difference = findDifference(first.stream, second.stream);
  if (difference !== undefined) {
    const message = `The two legs differ in ${difference}, so they are taken as two streams.`;
    problems.warning('dup-mismatch', second.media.head, message);
    return streams;
  }
  const joined: MediaStream = { media: first.media, stream: join(first.stream, second.stream) };
  return streams.filter((item) => item !== second).map((item) => (item === first ? joined : item));
}

/** What keeps two media from carrying identical packets. */
function findDifference(one: SessionStream, other: SessionStream): string | undefined {
  if (one.legs.length > 1 || other.legs.length > 1) return 'their groups';
  if (one.encoding !== other.encoding) return 'encoding';
  if (one.rate !== other.rate) return 'sampling rate';
  if (one.channels !== other.channels) return 'channel count';
  if (one.payloadType !== other.payloadType) return 'payload type';
  const [left, right] = [one.mediaClock, other.mediaClock];
  if (left?.kind === 'direct' && right?.kind === 'direct' && left.offset !== right.offset) {
    return 'media clock offset';
  }
  return undefined;
}

function join(one: SessionStream, other: SessionStream): SessionStream {
  const mediaClock = one.mediaClock ?? other.mediaClock;
  return {
    ...one,
    legs: [...one.legs, ...other.legs],
    referenceClocks: unique([...one.referenceClocks, ...other.referenceClocks]),
    ...(mediaClock ? { mediaClock } : {}),
    channelLabels: one.channelLabels.length > 0 ? one.channelLabels : other.channelLabels,
  };
}

function unique(clocks: readonly ReferenceClock[]): readonly ReferenceClock[] {
  return [...new Map(clocks.map((clock) => [JSON.stringify(clock), clock])).values()];
}
