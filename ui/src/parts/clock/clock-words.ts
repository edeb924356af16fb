import type { ClockCandidate, ClockEvent, ClockReport } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import type { Tone } from '../../widgets/StateBadge.tsx';

/** `−1.24 µs`: as many digits as matter, the sign a minus. */
export function nsText(ns: number | undefined): string {
  if (ns === undefined) return '–';
  const size = Math.abs(ns);
  const [value, unit] =
    size < 1000
      ? [ns, 'ns']
      : size < 1e6
        ? [ns / 1000, 'µs']
        : size < 1e9
          ? [ns / 1e6, 'ms']
          : [ns / 1e9, 's'];
  return `${Number(value.toPrecision(3))} ${unit}`.replace('-', '−');
}

type Standing = ClockCandidate['standing'];

/** How a candidate's standing looks and reads. */
export function standingFace(standing: Standing): { tone: Tone; icon: string; text: string } {
  const faces: Readonly<Record<Standing, { tone: Tone; icon: string; text: string }>> = {
    followed: { tone: 'ok', icon: 'pass-filled', text: localize('clock.followed', 'Followed') },
    outvoted: { tone: 'quiet', icon: 'circle-large', text: localize('clock.outvoted', 'Outvoted') },
    otherDomain: { tone: 'quiet', icon: 'circle-slash', text: localize('clock.otherDomain', 'Other domain') },
    unqualified: { tone: 'warn', icon: 'watch', text: localize('clock.unqualified', 'Not yet qualified') },
    silent: { tone: 'warn', icon: 'mute', text: localize('clock.silentMaster', 'Silent') },
    invalid: { tone: 'bad', icon: 'error', text: localize('clock.invalid', 'Invalid') },
    ourselves: { tone: 'quiet', icon: 'home', text: localize('clock.ourselves', 'Ourselves') },
  };
  return faces[standing];
}

export function roleText(role: ClockReport['role']): string {
  switch (role) {
    case 'grandmaster':
      return localize('clock.grandmasterRole', 'Grandmaster');
    case 'observer':
      return localize('clock.observer', 'Observer');
    case 'follower':
      return localize('clock.follower', 'Follower');
    default:
      return '–';
  }
}

const eventIcons: Readonly<Record<ClockEvent['kind'], string>> = {
  source: 'plug',
  state: 'circle-filled',
  grandmaster: 'key',
  step: 'warning',
};
export const eventIcon = ({ kind }: ClockEvent): string => eventIcons[kind];

/** Clock accuracy as a grandmaster announces it (IEEE 1588-2008 table 6). */
export function accuracyText(code: number | undefined): string {
  if (code === undefined) return '–';
  const known: Readonly<Record<number, string>> = {
    ...{ 0x20: '25 ns', 0x21: '100 ns', 0x22: '250 ns', 0x23: '1 µs', 0x24: '2.5 µs', 0x25: '10 µs' },
    ...{ 0x26: '25 µs', 0x27: '100 µs', 0x28: '250 µs', 0x29: '1 ms', 0x2a: '2.5 ms', 0x2b: '10 ms' },
    ...{ 0x2c: '25 ms', 0x2d: '100 ms', 0x2e: '250 ms', 0x2f: '1 s', 0x30: '10 s', 0x31: '> 10 s' },
  };
  return known[code] ?? localize('clock.unknownAccuracy', 'unknown');
}
