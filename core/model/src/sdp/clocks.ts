import { isNullClockIdentity, toClockIdentity, toMac } from '../clock-identity.ts';
import { sdpLimits } from './limits.ts';
import { plainText, quote, readInteger } from './lines.ts';
import type { ProblemList } from './problems.ts';
import type { SdpAttribute, SdpSection } from './sections.ts';
import type { ReferenceClock } from './session.ts';

/** Reference clocks of a medium, or else of the session; several may be named and any match is enough. */
export function readReferenceClocks(
  media: SdpSection,
  session: SdpSection,
  problems: ProblemList,
): readonly ReferenceClock[] {
  const ofMedia = media.attributes('ts-refclk');
  const attributes = ofMedia.length > 0 ? ofMedia : session.attributes('ts-refclk');
  return attributes
    .slice(0, sdpLimits.list)
    .map((attribute) => readReferenceClock(attribute, problems))
    .filter((clock) => clock !== undefined);
}

/** Reads one `a=ts-refclk` (RFC 7273 section 4.8, ST 2110-10 s.8.2), either letter case. */
function readReferenceClock(attribute: SdpAttribute, problems: ProblemList): ReferenceClock | undefined {
  const text = plainText(attribute.value);
  const [, key = '', value = ''] = /^([^=:]*)[=:]?(.*)$/.exec(text) ?? [];
  const kind = key.trim().toLowerCase();
  switch (kind) {
    case 'ptp':
      return readPtp(value.trim(), attribute, problems);
    case 'localmac': {
      const mac = toMac(value.trim());
      if (mac !== undefined) return { kind, mac };
      problems.warning(
        'bad-ts-refclk',
        attribute,
        `${quote(value)} is not a MAC address; the clock is ignored.`,
      );
      return undefined;
    }
    case 'ntp':
    case 'gps':
    case 'gal':
    case 'glonass':
    case 'local':
    case 'private':
      return { kind, text };
    case '':
      problems.warning('bad-ts-refclk', attribute, 'ts-refclk names no clock and is ignored.');
      return undefined;
    default:
      return { kind: 'other', text };
  }
}

/** Reads what follows `ptp=`: `version[:identity[:domain]]`, `version:traceable`, or the old `traceable` alone. */
function readPtp(text: string, attribute: SdpAttribute, problems: ProblemList): ReferenceClock | undefined {
  if (text.toLowerCase() === 'traceable') {
    const message = 'ptp=traceable lacks the version; write ptp=IEEE1588-2008:traceable.';
    problems.warning('ptp-without-version', attribute, message);
    return { kind: 'ptp', version: 'IEEE1588-2008', traceable: true };
  }
  const [version = '', identityText, ...domainParts] = text.split(':');
  if (!/^IEEE[\w.-]{1,24}$/i.test(version)) {
    const message = `${quote(version)} is not a version of PTP such as IEEE1588-2008; the clock is ignored.`;
    problems.warning('bad-ts-refclk', attribute, message);
    return undefined;
  }
  const clock = { kind: 'ptp', version: version.toUpperCase(), traceable: false } as const;
  if (identityText === undefined || identityText === '') return clock;
  if (identityText.toLowerCase() === 'traceable') return { ...clock, traceable: true };
  const identity = toClockIdentity(identityText.trim());
  if (identity === undefined) {
    const message = `${quote(identityText)} is not a clock identity such as 00-1D-C1-FF-FE-12-34-56; the clock is ignored.`;
    problems.warning('bad-ts-refclk', attribute, message);
    return undefined;
  }
  const domain = readDomain(domainParts.join(':'), attribute, problems);
  return {
    ...clock,
    ...(isNullClockIdentity(identity) ? {} : { grandmaster: identity }),
    ...(domain === undefined ? {} : { domain }),
  };
}

/** Reads `0`, `domain-nmbr=0` (the grammar of RFC 7273, which erratum 4450 changed), or skips `domain-name=x`. */
function readDomain(text: string, attribute: SdpAttribute, problems: ProblemList): number | undefined {
  if (text === '' || /^domain-name=/i.test(text)) return undefined;
  const domain = readInteger(text.replace(/^domain-nmbr=/i, '').trim(), sdpLimits.domain);
  if (domain === undefined) {
    problems.warning(
      'bad-domain',
      attribute,
      `The PTP domain ${quote(text)} is not from 0 to 127 and is ignored.`,
    );
  }
  return domain;
}

/** Reads `a=clock-domain:PTPv2 <n>` (RAVENNA). */
export function readClockDomain(
  attribute: SdpAttribute | undefined,
  problems: ProblemList,
): number | undefined {
  if (!attribute) return undefined;
  const match = /^\s*PTPv2\s+(\S+)\s*$/i.exec(attribute.value);
  const domain = readInteger(match?.[1], sdpLimits.domain);
  if (domain === undefined) {
    const message = `clock-domain ${quote(attribute.value)} should read as in "PTPv2 0" and is ignored.`;
    problems.warning('bad-clock-domain', attribute, message);
  }
  return domain;
}
