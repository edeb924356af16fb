import { readClockDomain } from './clocks.ts';
import { joinLegs } from './legs.ts';
import { plainText, quote, splitLines, type SdpLine } from './lines.ts';
import { readMedia, type MediaStream } from './media.ts';
import { readOrigin } from './origin.ts';
import { ProblemList } from './problems.ts';
import { groupLines, type SdpSection, type SdpSections } from './sections.ts';
import type { SdpReadResult, SessionDescription } from './session.ts';

/** A reading with the places in the text, for what looks closer at it. */
export interface SdpReading {
  readonly session?: SessionDescription;
  /** Beside each other with `session.streams`. */
  readonly streams: readonly MediaStream[];
  readonly sections?: SdpSections;
  readonly problems: ProblemList;
}

const start = { line: 1, column: 1 };

/**
 * Reads a session description (RFC 8866, AES67-2018 s.8, RFC 7273, RFC 7104, and what RAVENNA adds). Strict in what it
 * reports, lenient in what it takes: devices break the rules in many ways. Never throws; work and result are bounded by
 * `sdpLimits`.
 */
export function readSdp(text: string): SdpReadResult {
  const { session, problems } = readSdpWithPlaces(text);
  return { ...(session ? { session } : {}), problems: problems.sorted() };
}

/** {@link readSdp} for the model's own use. */
export function readSdpWithPlaces(text: string): SdpReading {
  const problems = new ProblemList();
  const lines = splitLines(text, problems);
  if (!lines || !looksLikeSdp(lines, problems)) return { streams: [], problems };
  const sections = groupLines(lines, problems);
  checkVersion(sections.session, problems);
  const origin = readOrigin(sections.session.first('o'), problems);
  const name = readName(sections.session, problems);
  const streams = readStreams(sections, problems);
  if (!origin || problems.hasError) return { streams: [], sections, problems };

  const information = plainText(sections.session.first('i')?.value ?? '');
  const clockDomain = readClockDomain(findClockDomain(sections, streams), problems);
  const keywords = plainText(sections.session.attribute('keywds')?.value ?? '');
  const session: SessionDescription = {
    origin,
    name,
    ...(information === '' ? {} : { information }),
    ...(clockDomain === undefined ? {} : { clockDomain }),
    ...(keywords === '' ? {} : { keywords }),
    streams: streams.map(({ stream }) => stream),
  };
  return { session, streams, sections, problems };
}

/** Catches what is no description at all, or one that a program left unfinished, before details confuse anybody. */
function looksLikeSdp(lines: readonly SdpLine[], problems: ProblemList): boolean {
  if (lines.length === 0) {
    problems.error('not-sdp', start, 'This is not a session description: no line reads x=value.');
    return false;
  }
  const unfilled = lines.find((line) => /\{\{.*?\}\}/.test(line.value) && 'ocm'.includes(line.type));
  if (unfilled) {
    const blank = /\{\{.*?\}\}/.exec(unfilled.value)?.[0] ?? '';
    const place = { line: unfilled.line, column: unfilled.column + unfilled.value.indexOf(blank) };
    const message = `This is a template: ${quote(blank)} was never filled in. Ask the sender for its real description.`;
    problems.error('unfilled-template', place, message);
    return false;
  }
  return true;
}

function checkVersion(session: SdpSection, problems: ProblemList): void {
  const version = session.first('v');
  if (!version) problems.warning('missing-version', start, 'The first line should be v=0.');
  else if (version.value.trim() !== '0') {
    const message = `The description says it is version ${quote(version.value)} of SDP; only version 0 exists.`;
    problems.error('unsupported-version', version, message);
  }
}

function readName(session: SdpSection, problems: ProblemList): string {
  const line = session.first('s');
  if (!line) problems.warning('missing-name', start, 'There is no s= line: the session has no name.');
  return plainText(line?.value ?? '');
}

function readStreams({ session, media }: SdpSections, problems: ProblemList): readonly MediaStream[] {
  const streams: MediaStream[] = [];
  const failures: ProblemList[] = [];
  for (const section of media) {
    const found = new ProblemList();
    const reading = readMedia(section, session, found);
    if (reading === 'failed') failures.push(found);
    else problems.addAll(found);
    if (typeof reading === 'object') streams.push(reading);
  }
  for (const failure of failures) {
    if (streams.length > 0) problems.addAsWarnings(failure, 'This stream is left out.');
    else problems.addAll(failure);
  }
  if (streams.length === 0 && failures.length === 0) {
    const message = 'The session carries no audio over RTP, so there is nothing to receive.';
    problems.error('no-audio', media[0]?.head ?? start, message);
  }
  return joinLegs(streams, session, problems);
}

function findClockDomain(
  { session }: SdpSections,
  streams: readonly MediaStream[],
): ReturnType<SdpSection['attribute']> {
  return session.attribute('clock-domain') ?? streams[0]?.media.attribute('clock-domain');
}
