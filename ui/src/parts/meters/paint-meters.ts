import type { Ballistics } from './ballistics.ts';
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
  context: CanvasRenderingContext2D,
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

export function meterLook(geometry: MeterGeometry, levels: Ballistics, channel: number): MeterLook {
  return {
    head: yOf(geometry, levels.level[channel] ?? -Infinity),
    hold: yOf(geometry, levels.hold[channel] ?? -Infinity),
    over: levels.over[channel] === 1,
  };
}

/** One channel over its piece of the ground. */
export function paintMeter(
  context: CanvasRenderingContext2D,
  ground: HTMLCanvasElement,
  geometry: MeterGeometry,
  colours: MeterColours,
  channel: number,
  { head, hold, over }: MeterLook,
): void {
  const { unit, height, bottom, edges, bar } = geometry;
  const x = edges[channel] ?? 0;
  context.drawImage(ground, x, 0, bar, height, x, 0, bar, height);
  const zones: readonly (readonly [string, number, number])[] = [
    [colours.low, -Infinity, alignmentDb],
    [colours.middle, alignmentDb, permittedDb],
    [colours.high, permittedDb, 0],
  ];
  for (const [colour, from, to] of zones) {
    const [foot, end] = [yOf(geometry, from), Math.max(head, yOf(geometry, to))];
    if (end >= foot) break;
    context.fillStyle = colour;
    context.fillRect(x, end, bar, foot - end);
  }
  if (hold < bottom) {
    context.fillStyle = colours.hold;
    context.fillRect(x, hold, bar, Math.max(1, Math.round(1.5 * unit)));
  }
  if (over) {
    context.fillStyle = colours.high;
    context.fillRect(x, Math.round(2 * unit), bar, Math.round(4 * unit));
  }
}

const yOf = ({ top, bottom }: MeterGeometry, db: number): number =>
  Math.round(bottom - heightOf(db) * (bottom - top));

function paintScale(context: CanvasRenderingContext2D, geometry: MeterGeometry, colours: MeterColours): void {
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
  context: CanvasRenderingContext2D,
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
