import { err, ok, type Problem, type Result } from '@tutti/base';
import { deviceChannels } from './format.ts';

/** One crosspoint, both sides counted from 1. */
export type ChannelPair = readonly [from: number, to: number];

/** How far each side goes and what the field is called in problems. */
export interface ChannelMapOptions {
  /** Name of the field in problems; `map` unless given. */
  readonly field?: string;
  /** Highest channel of the left side; 128 unless given. */
  readonly maxFrom?: number;
  /** Highest channel of the right side; 128 unless given. */
  readonly maxTo?: number;
}

/**
 * Reads a channel map as on the command line: `1-8:17-24`, `1:5,2:6`, or `1-8` for the same numbers on both sides.
 * Each right-hand channel may appear once; a left-hand channel may go to several. Problems name the field.
 */
export function parseChannelMap(text: string, options: ChannelMapOptions = {}): Result<ChannelPair[]> {
  const { field = 'map', maxFrom = deviceChannels, maxTo = deviceChannels } = options;
  const pairs: ChannelPair[] = [];
  const taken = new Set<number>();
  if (text.length > maxText) return refuse(field, 'The map is too long.', mapFix);
  for (const part of text.split(',')) {
    const [left = '', right = left, ...rest] = part.split(':');
    if (rest.length > 0) return refuse(field, `"${shorten(part)}" has more than one colon.`, mapFix);
    const from = range(left, maxFrom, field);
    if (!from.ok) return from;
    const to = range(right, maxTo, field);
    if (!to.ok) return to;
    if (from.value.length !== to.value.length) {
      const [many, few] = [from.value.length, to.value.length];
      return refuse(field, `"${shorten(part)}" joins ${many} channels to ${few}.`, mapFix);
    }
    for (const [i, channel] of to.value.entries()) {
      if (taken.has(channel))
        return refuse(field, `Channel ${channel} is the target of two channels.`, onceFix);
      taken.add(channel);
      pairs.push([from.value[i] ?? 0, channel]);
    }
  }
  return ok(pairs);
}

/**
 * Reads a list of channels in the order written: `1-8`, `1,3,5`, `1-4,9`. No channel twice. Problems name the field.
 * @param max highest channel
 */
export function parseChannelList(text: string, field = 'channels', max = deviceChannels): Result<number[]> {
  const channels = new Set<number>();
  if (text.length > maxText) return refuse(field, 'The list of channels is too long.', 'Write 1-8 or 1,3,5.');
  for (const part of text.split(',')) {
    const piece = range(part, max, field);
    if (!piece.ok) return piece;
    for (const channel of piece.value) {
      if (channels.has(channel)) return refuse(field, `Channel ${channel} is listed twice.`, onceFix);
      channels.add(channel);
    }
  }
  return ok([...channels]);
}

/** The shortest text that {@link parseChannelMap} reads as these pairs: runs are joined, `1-8:17-24,10:3`. */
export function formatChannelMap(pairs: readonly ChannelPair[]): string {
  return runs(pairs, ([from, to], [lastFrom, lastTo]) => from === lastFrom + 1 && to === lastTo + 1)
    .map(([first, last]) => `${span(first[0], last[0])}:${span(first[1], last[1])}`)
    .join(',');
}

/** The shortest text that {@link parseChannelList} reads as these channels. */
export function formatChannelList(channels: readonly number[]): string {
  return runs(channels, (channel, last) => channel === last + 1)
    .map(([first, last]) => span(first, last))
    .join(',');
}

const mapFix = 'Write pairs of equal length, as in 1-8:17-24 or 1:5,2:6.';
const onceFix = 'Name each channel once.';
/** Characters; 128 pairs of three digits each fit well. */
const maxText = 2048;

function range(text: string, max: number, field: string): Result<number[]> {
  const match = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(text);
  if (!match) {
    return refuse(field, `"${shorten(text)}" is not a channel or a range of channels.`, 'Write 3 or 1-8.');
  }
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (last < first)
    return refuse(field, `The range ${first}-${last} runs backwards.`, `Write ${last}-${first}.`);
  const beyond = first < 1 ? first : last;
  if (first < 1 || last > max) {
    return refuse(field, `There is no channel ${beyond} here.`, `Channels run from 1 to ${max}.`);
  }
  return ok(Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

function refuse(
  field: string,
  message: string,
  fix: string,
): { readonly ok: false; readonly error: Problem } {
  return err({ code: 'invalid', field, message, fix });
}

function runs<T>(items: readonly T[], follows: (item: T, last: T) => boolean): [first: T, last: T][] {
  const found: [T, T][] = [];
  for (const item of items) {
    const run = found.at(-1);
    if (run && follows(item, run[1])) run[1] = item;
    else found.push([item, item]);
  }
  return found;
}

function span(first: number, last: number): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
