import { describe, expect, it } from 'vitest';
import { EventBuffer } from '../../src/platform/recent-events.ts';

const event = (message: string) =>
  ({ at: '2026-01-01T00:00:00Z', level: 'info', code: 'x', message, source: 'host' }) as const;

describe('the last events', () => {
  it('are kept up to a bound, oldest first, with their numbers', () => {
    const events = new EventBuffer('run', 3);
    for (const message of ['a', 'b', 'c', 'd', 'e']) events.add(event(message));
    expect(events.after(0).events.map(({ sequence, message }) => [sequence, message])).toEqual([
      [3, 'c'],
      [4, 'd'],
      [5, 'e'],
    ]);
    expect(events.after(4).events).toHaveLength(1);
    expect(events.after(5).events).toEqual([]);
    expect(events.after(99).events).toEqual([]);
  });

  it('are cut to a bound, whoever wrote them', () => {
    const events = new EventBuffer();
    events.add(event('A'.repeat(1_000_000)));
    expect(events.after(0).events[0]?.message).toHaveLength(2000);
  });
});
