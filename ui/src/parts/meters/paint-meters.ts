import type { DrawingContext } from '../../widgets/drawing-surface.ts';
import { groupSize, type MeterGeometry } from './meter-geometry.ts';
import { alignmentDb, heightOf, marksDb, permittedDb } from './scale.ts';

export interface MeterColours {
  readonly ground: string;
  readonly well: string;
  readonly line: string;
  readonly text: string;
  readonly low: string;
  readonly middle: string;
  readonly high: string;
  readonly hold: string;
  readonly used: string;
  readonly cursor: string;
  readonly font: string;
}

export interface MeterMarks {
  /** 1 where a channel has a route. */
  readonly used: Uint8Array;
  /** Channel (from 0) whose value is being read out. */
  readonly cursor: number | undefined;
}

/** Colours of the theme in force, from the registered properties of theme.css. */
export function meterColours(element: HTMLElement): MeterColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--meter-${name}`);
  return {
    ground: colour('ground'),
    well: colour('well'),
    line: colour('line'),
    text: colour('text'),
    low: colour('low'),
    middle: colour('middle'),
    high: colour('high'),
    hold: colour('hold'),
    used: colour('used'),
    cursor: colour('cursor'),
    font: style.fontFamily,
  };
}

/** What stands still while levels move: wells, scale, numbers, and which channels have a route. */
export function paintMeterGround(
  context: DrawingContext,
  geometry: MeterGeometry,
  colours: MeterColours,
  used: Uint8Array,
): void {
  const { width, height, unit, top, bottom, edges, bar, channels } = geometry;
  const forEach = (colour: string, draw: (channel: number, x: number) => void): void => {
    context.fillStyle = colour;
    for (let channel = 0; channel < channels; channel++) draw(channel, edges[channel] ?? 0);
  };
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, height);
  forEach(colours.well, (_, x) => context.fillRect(x, top, bar, bottom - top));
  paintScale(context, geometry, colours);
  forEach(colours.used, (channel, x) => {
    if (used[channel] === 1) context.fillRect(x, bottom + Math.round(2 * unit), bar, Math.round(3 * unit));
  });
}

/** How a channel looks, in canvas pixels: it is painted anew only when one of these differs. */
export interface MeterLook {
  /** Upper end of the bar and of the hold; the bottom of the scale if there is nothing. */
  readonly head: number;
  readonly hold: number;
  readonly over: boolean;
}

/** Rows of a channel that look different. */
export interface MeterChange extends MeterLook {
  readonly x: number;
  /** First row, and the one after the last. */
  readonly from: number;
  readonly end: number;
}

/** Adds what to paint of a channel that looks different: where its bar ends and where its hold is, not what is between them. */
export function addMeterChanges(
  changes: MeterChange[],
  { unit, bottom, edges }: MeterGeometry,
  channel: number,
  look: MeterLook,
  before: MeterLook | undefined,
): void {
  const { head, hold, over } = look;
  const x = edges[channel] ?? 0;
  const add = (from: number, end: number): void => void changes.push({ head, hold, over, x, from, end });
  // Without a past, or with another mark of full scale: all of it.
  if (before?.over !== over) {
    add(0, bottom);
    return;
  }
  if (before.head !== head) add(Math.min(before.head, head), Math.max(before.head, head));
  if (before.hold !== hold)
    add(Math.min(before.hold, hold), Math.min(bottom, Math.max(before.hold, hold) + holdHeight(unit)));
}

/** Channels over what stands still, colour by colour: changing it is what takes time. */
export function paintMeters(
  context: DrawingContext,
  geometry: MeterGeometry,
  colours: MeterColours,
  changed: readonly MeterChange[],
): void {
  const { unit, top, bottom, bar } = geometry;
  const fill = (x: number, from: number, end: number): void => {
    if (end > from) context.fillRect(x, from, bar, end - from);
  };
  context.fillStyle = colours.ground;
  for (const { x, from, end } of changed) fill(x, from, Math.min(top, end));
  context.fillStyle = colours.well;
  for (const { x, from, end, head } of changed) fill(x, Math.max(top, from), Math.min(end, head));
  context.fillStyle = colours.line;
  for (const y of marksDb.map((db) => yOf(geometry, db)))
    for (const { x, from, end, head } of changed)
      fill(x, Math.max(from, y), Math.min(end, head, y + Math.max(1, Math.round(unit / 2))));
  let foot = bottom;
  for (const [colour, db] of [
    [colours.low, alignmentDb],
    [colours.middle, permittedDb],
    [colours.high, 0],
  ] as const) {
    const upper = yOf(geometry, db);
    context.fillStyle = colour;
    for (const { x, from, end, head } of changed) fill(x, Math.max(from, head, upper), Math.min(end, foot));
    foot = upper;
  }
  context.fillStyle = colours.hold;
  // Outside the rows that were painted it is still there.
  const thick = holdHeight(unit);
  for (const { x, from, end, hold } of changed)
    if (hold < Math.min(bottom, end) && hold + thick > from) fill(x, hold, Math.min(bottom, hold + thick));
  context.fillStyle = colours.high;
  for (const { x, over, from } of changed)
    if (over && from === 0) context.fillRect(x, Math.round(2 * unit), bar, Math.round(4 * unit));
}

const holdHeight = (unit: number): number => Math.max(1, Math.round(1.5 * unit));

/** Where a level is, dBFS to canvas pixels. */
export const yOf = ({ top, bottom }: MeterGeometry, db: number): number =>
  Math.round(bottom - heightOf(db) * (bottom - top));

function paintScale(context: DrawingContext, geometry: MeterGeometry, colours: MeterColours): void {
  const { unit, left, width, bottom, height, edges, channels } = geometry;
  const y = (db: number): number => yOf(geometry, db);
  context.font = `${10 * unit}px ${colours.font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const db of marksDb) {
    context.fillStyle = colours.text;
    context.fillText(String(db).replace('-', '−'), left - 5 * unit, y(db) + unit);
    context.fillStyle = colours.line;
    context.fillRect(left, y(db), width - left, Math.max(1, Math.round(unit / 2)));
  }
  context.fillStyle = colours.text;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  // Every group's first number where there is room for three digits, else every second group's.
  const groupWidth = (edges[groupSize] ?? width) - (edges[0] ?? 0);
  const step = groupWidth < 26 * unit ? 2 * groupSize : groupSize;
  for (let channel = 0; channel < channels; channel += step) {
    context.fillText(String(channel + 1), edges[channel] ?? 0, height - 3 * unit);
  }
  context.fillStyle = colours.line;
  context.fillRect(left, bottom, width - left, Math.max(1, Math.round(unit / 2)));
}

/** Around the channel that is read out. */
export function paintMeterCursor(
  context: DrawingContext,
  { top, bottom, edges, bar, unit }: MeterGeometry,
  colours: MeterColours,
  channel: number,
): void {
  const x = edges[channel] ?? 0;
  const line = Math.max(1, Math.round(unit));
  context.strokeStyle = colours.cursor;
  context.lineWidth = line;
  context.strokeRect(x - line, top - 2 * unit, bar + 2 * line, bottom - top + 7 * unit);
}
