import { quote, readInteger } from './lines.ts';
import type { ProblemList } from './problems.ts';
import type { SdpAttribute, SdpSection } from './sections.ts';
import type { MediaClockReference } from './session.ts';

/** An RTP timestamp or an offset to one. */
const offsetBounds = { min: 0, max: 0xffff_ffff };

/**
 * How timestamps relate to the media clock: `a=mediaclk` (RFC 7273 section 5), or `a=sync-time`, which plays the same role
 * (RAVENNA, Livewire). The medium's own wins over the session's.
 * @param rate RTP clock rate, Hz
 */
export function readMediaClock(
  media: SdpSection,
  session: SdpSection,
  rate: number,
  problems: ProblemList,
): MediaClockReference | undefined {
  // "medialk" is a typing error that a small tool ships.
  const find = (section: SdpSection): SdpAttribute | undefined =>
    section.attribute('mediaclk') ?? section.attribute('medialk');
  const attribute = find(media) ?? find(session);
  const clock = attribute ? readMediaClk(attribute, rate, problems) : undefined;
  const syncTime = media.attribute('sync-time') ?? session.attribute('sync-time');
  if (!syncTime) return clock;
  const offset = readInteger(syncTime.value.trim(), offsetBounds);
  if (offset === undefined) {
    problems.warning(
      'bad-sync-time',
      syncTime,
      `sync-time ${quote(syncTime.value)} is not an RTP timestamp.`,
    );
    return clock;
  }
  if (!attribute) return { kind: 'direct', offset };
  if (clock?.kind === 'direct' && clock.offset !== offset) {
    const message = `sync-time says ${offset}, mediaclk says ${clock.offset}; mediaclk is used.`;
    problems.warning('sync-time-mismatch', syncTime, message);
  }
  return clock;
}

function readMediaClk(
  attribute: SdpAttribute,
  rate: number,
  problems: ProblemList,
): MediaClockReference | undefined {
  const text = attribute.value.trim().replace(/^id=\S+\s+/i, '');
  const [, kind = '', value = '', rateText] = /^([^=\s]*)(?:=(\S*))?(?:\s+rate=(\S+))?/i.exec(text) ?? [];
  switch (kind.toLowerCase()) {
    case 'sender':
      return { kind: 'sender' };
    case 'ieee1722':
      return { kind: 'ieee1722', stream: value.toUpperCase() };
    case 'direct': {
      const offset = value === '' ? 0 : readInteger(value, offsetBounds);
      if (offset === undefined) {
        const message = `The media clock offset ${quote(value)} is not from 0 to 4294967295; mediaclk is ignored.`;
        problems.warning('bad-mediaclk', attribute, message);
        return undefined;
      }
      return keepsRate(rateText, rate) ? { kind: 'direct', offset } : offRate(attribute, rateText, problems);
    }
    default:
      problems.warning(
        'bad-mediaclk',
        attribute,
        `mediaclk ${quote(attribute.value)} is unknown and is ignored.`,
      );
      return undefined;
  }
}

/** `rate=48000` (no denominator, seen from two makers), `rate=48000/1` and `rate=1/1` all say: exactly the nominal rate. */
function keepsRate(text: string | undefined, rate: number): boolean {
  if (text === undefined) return true;
  const [numerator, denominator = '1'] = text.split('/');
  return numerator === denominator || (Number(numerator) === rate && denominator === '1');
}

/** A pulled-up or pulled-down clock does not count samples of the nominal rate: to us it runs free. */
function offRate(
  attribute: SdpAttribute,
  rateText: string | undefined,
  problems: ProblemList,
): MediaClockReference {
  const message = `The media clock runs at rate=${plainRate(rateText)}, not at the nominal rate; it is followed as a free one.`;
  problems.warning('mediaclk-rate', attribute, message);
  return { kind: 'sender' };
}

function plainRate(text: string | undefined): string {
  return quote(text ?? '').slice(1, -1);
}
