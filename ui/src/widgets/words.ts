import type { DsdInfo } from '@tutti/common';
import { localize } from '../localize/localize.ts';
import { formatChannelList, formatChannelMap } from '@tutti/model';

/** `1–8, 11`: channel numbers as ranges, in order. */
export function rangesText(numbers: readonly number[]): string {
  return typeset(formatChannelList([...new Set(numbers)].sort((a, b) => a - b)));
}

/** A channel map as a person reads it: `1–8 → 17–24, 10 → 3`. */
export const mapText = (map: readonly (readonly [number, number])[]): string =>
  typeset(formatChannelMap(map));

const typeset = (text: string): string =>
  text.replaceAll('-', '–').replaceAll(':', ' → ').replaceAll(',', ', ');

/** `48 kHz`, `44.1 kHz`. */
export const rateText = (hz: number): string => `${hz / 1000} kHz`;

/** Packet time of a frame count, `1 ms`, `125 µs`. */
export function packetTimeText(frames: number, rate: number): string {
  const ms = (frames / rate) * 1000;
  return ms < 1 ? `${Math.round(ms * 1000)} µs` : `${Number(ms.toFixed(2))} ms`;
}

/** `L24 · 48 kHz · 8 ch · 1 ms`, `L24 · 176.4 kHz · 2 ch · DSD64`. */
export function formatText(format: {
  readonly encoding: string;
  readonly rate: number;
  readonly channels: number;
  readonly framesPerPacket?: number | undefined;
  readonly dsd?: DsdInfo | undefined;
}): string {
  const { encoding, rate, channels, framesPerPacket, dsd } = format;
  const parts = [encoding, rateText(rate), localize('words.channels', '{0} ch', channels)];
  if (framesPerPacket !== undefined) parts.push(packetTimeText(framesPerPacket, rate));
  if (dsd?.as === 'dop') parts.push(dsd.name);
  if (dsd?.as === 'pcm') parts.push(localize('words.dsdToPcm', '{0} to PCM', dsd.name));
  return parts.join(' · ');
}

export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 3) return localize('ago.now', 'now');
  if (seconds < 60) return localize('ago.seconds', '{0} s ago', seconds);
  if (seconds < 3600) return localize('ago.minutes', '{0} min ago', Math.floor(seconds / 60));
  if (seconds < 86_400) return localize('ago.hours', '{0} h ago', Math.floor(seconds / 3600));
  return localize('ago.days', '{0} d ago', Math.floor(seconds / 86_400));
}

/** Thousands apart by thin spaces, which read the same in every language. */
export const countText = (count: number): string =>
  String(Math.trunc(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** A level in dBFS, `−23.4 dBFS`; the sign is a minus, not a hyphen. */
export const levelText = (db: number): string =>
  db === -Infinity
    ? '−∞ dBFS'
    : `${db
        .toFixed(1)
        .replace(/^-0\.0$/, '0.0')
        .replace('-', '−')} dBFS`;
