import type { EventInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import type { Tone } from '../../widgets/StateBadge.tsx';

export type Level = EventInfo['level'];

export const levelFaces: Readonly<Record<Level, { readonly tone: Tone; readonly icon: string }>> = {
  info: { tone: 'quiet', icon: 'info' },
  warning: { tone: 'warn', icon: 'warning' },
  error: { tone: 'bad', icon: 'error' },
};

export const levelWord = (level: Level): string =>
  ({
    info: localize('events.info', 'Info'),
    warning: localize('events.warning', 'Warning'),
    error: localize('events.error', 'Error'),
  })[level];

const order: readonly Level[] = ['info', 'warning', 'error'];

/** Events of a level or worse that have every word of a text. */
export function filterEvents<T extends EventInfo>(
  events: readonly T[],
  least: Level,
  text: string,
): readonly T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (least === 'info' && words.length === 0) return events;
  return events.filter(({ level, source, code, message }) => {
    if (order.indexOf(level) < order.indexOf(least)) return false;
    const whole = `${source} ${code} ${message}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  });
}

/** `14:03:07.120`, in the time of this computer. */
export function timeText(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return '';
  return `${time.toLocaleTimeString('en-GB')}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
