import type { SessionInfo } from '@tutti/common';
import type { SessionStream } from '@tutti/model';
import { localize } from '../../localize/localize.ts';
import type { Tone } from '../../widgets/StateBadge.tsx';
import { formatText } from '../../widgets/words.ts';

/** How a session's state looks and reads. */
export function sessionState(session: SessionInfo): { tone: Tone; icon: string; text: string } {
  if (session.state === 'gone')
    return { tone: 'quiet', icon: 'circle-slash', text: localize('sessions.gone', 'Gone') };
  if (session.problems.some(({ severity }) => severity === 'error'))
    return { tone: 'bad', icon: 'error', text: localize('sessions.unusable', 'Unusable') };
  return { tone: 'ok', icon: 'radio-tower', text: localize('sessions.announced', 'Announced') };
}

/** Who sees it: `SAP eth0, RTSP`. */
export function providersText(session: SessionInfo): string {
  const texts = session.seenBy.map(({ provider, interface: on }) =>
    on === undefined ? provider : `${provider} ${on}`,
  );
  return [...new Set(texts)].join(', ');
}

/** The latest time anybody saw it, ISO 8601; undefined if nobody ever said. */
export function lastSeen(session: SessionInfo): string | undefined {
  return session.seenBy
    .map((seen) => seen.lastSeen)
    .sort()
    .at(-1);
}

/** First leg's address, and how many more there are. */
export function addressText(legs: readonly { readonly address: string; readonly port: number }[]): string {
  const [first, ...others] = legs;
  if (!first) return localize('sessions.onRequest', 'on request');
  return `${first.address}:${first.port}${others.length > 0 ? ` + ${localize('sessions.legs', '{0} leg', others.length)}` : ''}`;
}

/** Whether every word of a filter is in a session's name, addresses, formats or providers. */
export function matchesFilter(session: SessionInfo, filter: string): boolean {
  const text = [
    session.name,
    session.description.origin.address,
    providersText(session),
    ...session.description.streams.flatMap((stream) => [
      streamText(stream),
      ...stream.legs.map((leg) => `${leg.address}:${leg.port}`),
    ]),
  ]
    .join(' ')
    .toLowerCase();
  const words = filter.toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word));
}

export function streamText(stream: SessionStream): string {
  const frames =
    stream.framesPerPacket ??
    (stream.packetTime === undefined ? undefined : Math.round((stream.packetTime * stream.rate) / 1000));
  return formatText({ ...stream, framesPerPacket: frames });
}
