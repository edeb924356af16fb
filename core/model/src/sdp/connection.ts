import { isMulticast, refuseDestination } from '../address.ts';
import { sdpLimits } from './limits.ts';
import { quote, readInteger, words, type SdpLine } from './lines.ts';
import type { Place, ProblemList } from './problems.ts';
import type { MediaSection, SdpAttribute, SdpSection } from './sections.ts';
import type { StreamLeg } from './session.ts';

/**
 * Reads where a medium is sent: its c= line or else the session's, and its source filter.
 * @param port of the m= line
 */
export function readLeg(
  media: MediaSection,
  session: SdpSection,
  port: number,
  problems: ProblemList,
): StreamLeg | undefined {
  const line = media.first('c') ?? session.first('c');
  if (!line) {
    const message = 'There is no c= line, so the destination address is unknown.';
    problems.error('missing-connection', media.head, message);
    return undefined;
  }
  const connection = readConnection(line, problems);
  if (!connection) return undefined;
  const sources = readSources(media, session, connection.address, problems);
  // `a=mid:x;` is seen; the semicolon never belongs to it.
  const mid = media.attribute('mid')?.value.trim().replace(/;$/, '');
  return { ...connection, port, sources, ...(mid ? { mid } : {}) };
}

/** Whether a medium leaves open where it is sent: no c= line, or its address is 0.0.0.0 (RFC 2326 section C.1.7). */
export function hasNoDestination(media: MediaSection, session: SdpSection): boolean {
  const line = media.first('c') ?? session.first('c');
  return line === undefined || /^\s*IN\s+IP4\s+0\.0\.0\.0(\/\d+)?\s*$/i.test(line.value);
}

/** Reads `c=IN IP4 <address>[/<ttl>[/<count>]]` (RFC 8866 section 5.7). Some devices omit the TTL. */
function readConnection(
  line: SdpLine,
  problems: ProblemList,
): { readonly address: string; readonly ttl?: number } | undefined {
  const [network, type, target] = words(line.value, line);
  if (!network || !type || !target) {
    problems.error('bad-connection', line, 'c= must read as in "IN IP4 239.69.1.10/32".');
    return undefined;
  }
  if (network.text.toUpperCase() !== 'IN' || type.text.toUpperCase() !== 'IP4') {
    const message = `The stream is sent over ${quote(`${network.text} ${type.text}`)}; only IPv4 can be received.`;
    problems.error('not-ipv4', network, message);
    return undefined;
  }
  const [address = '', ttlText, countText] = target.text.split('/');
  const refusal = refuseDestination(address.length > 40 ? address.slice(0, 40) : address);
  if (refusal !== undefined) {
    problems.error('bad-destination', target, `${refusal} Give the sender a group such as 239.69.1.10.`);
    return undefined;
  }
  if (countText !== undefined && countText !== '1' && isMulticast(address)) {
    problems.warning('several-groups', target, `Only the first of the groups, ${address}, is used.`);
  }
  if (ttlText === undefined) return { address };
  const ttl = readInteger(ttlText, sdpLimits.ttl);
  if (ttl !== undefined) return { address, ttl };
  problems.warning('bad-ttl', target, `The TTL ${quote(ttlText)} is not a number from 0 to 255.`);
  return { address };
}

/** Senders that the source filters of a medium, or else of the session, allow for this destination (RFC 4570). */
function readSources(
  media: SdpSection,
  session: SdpSection,
  address: string,
  problems: ProblemList,
): readonly string[] {
  const ofMedia = media.attributes('source-filter');
  const filters = ofMedia.length > 0 ? ofMedia : session.attributes('source-filter');
  const sources = new Set<string>();
  for (const filter of filters) {
    for (const source of readSourceFilter(filter, address, problems)) {
      if (sources.size < sdpLimits.list) sources.add(source);
    }
  }
  return [...sources];
}

function readSourceFilter(filter: SdpAttribute, address: string, problems: ProblemList): readonly string[] {
  const [mode, network, type, destination, ...sources] = words(filter.value, filter);
  const ignore = (place: Place, why: string): readonly string[] => {
    problems.warning('source-filter-ignored', place, `The source filter is ignored: ${why}`);
    return [];
  };
  if (!mode || !network || !type || !destination || sources.length === 0) {
    return ignore(filter, 'it must read as in "incl IN IP4 239.69.1.10 10.0.0.1".');
  }
  if (mode.text.toLowerCase() === 'excl') return ignore(mode, 'it excludes senders instead of naming them.');
  if (mode.text.toLowerCase() !== 'incl') return ignore(mode, 'it must begin with "incl".');
  if (destination.text !== '*' && destination.text !== address) return [];
  const usable = sources.filter(
    (source) => refuseDestination(source.text) === undefined && !isMulticast(source.text),
  );
  if (usable.length === 0) return ignore(sources[0] ?? filter, 'it names no IPv4 address of a sender.');
  return usable.map((source) => source.text);
}
