import type { Counters } from '@tutti/common';
import { countText } from './words.ts';

/** A column of things that can go wrong with packets: zero is good. */
export interface FaultColumn {
  readonly id: string;
  readonly title: string;
  /** For a person who meets the word for the first time. */
  readonly meaning: string;
  /** Counters of the engine's telemetry that are added up. */
  readonly of: readonly string[];
  /** Worth knowing, but it costs nothing. */
  readonly harmless?: boolean;
}

/** A counter that the engine does not have counts as nothing. */
export const counter = (counters: Counters, name: string): number => counters[name] ?? 0;

/** Undefined while the stream is not in force, which is not the same as zero. */
export const faultCount = (counters: Counters, column: FaultColumn): number | undefined =>
  Object.keys(counters).length === 0
    ? undefined
    : column.of.reduce((sum, name) => sum + counter(counters, name), 0);

export const packetsText = (counters: Counters): string =>
  counters['packets'] === undefined ? '–' : countText(counters['packets']);

/** `wrongPayloadType` as a person reads it: `Wrong payload type`. */
export function counterTitle(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  const words = spaced.replace(/\bssrc\b/g, 'SSRC').replace(/ ns$/, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Times in milliseconds, local clock readings as they are, everything else as a count. */
export function counterText(name: string, count: number): string {
  return name.endsWith('Ns') && !name.endsWith('LocalNs')
    ? `${(count / 1e6).toFixed(3)} ms`
    : countText(count);
}
