import { describe, expect, it } from 'vitest';
import { clockItem, engineItem } from '../../src/workbench/status-words.ts';

describe('the status bar', () => {
  const clock = { source: 'ptp', mediaTime: '0', steps: 0 };

  it('names the clock’s source, grandmaster and error', () => {
    const item = clockItem({ ...clock, state: 'locked', grandmaster: 'AA-BB', domain: 3, errorNs: 1500 });
    expect(item).toMatchObject({ tone: 'ok', text: 'Clock locked · ptp · ±1.5 µs · AA-BB · domain 3' });
  });

  it('warns while nothing is locked, and tells steps', () => {
    expect(clockItem({ ...clock, state: 'holdover', steps: 2 })).toMatchObject({
      tone: 'warn',
      text: 'Clock holdover · ptp · 2 steps',
    });
  });

  it('warns of a busy engine and of one that is down', () => {
    const idle = { engineLoad: 0.034, engineHeldUpMs: 4 };
    expect(engineItem({ engine: { state: 'running' }, ...idle })).toMatchObject({
      tone: 'ok',
      text: 'Engine running · load 3.4 %',
    });
    expect(engineItem({ engine: { state: 'running' }, ...idle, engineLoad: 0.9 }).tone).toBe('warn');
    expect(engineItem({ engine: { state: 'down' }, ...idle })).toMatchObject({ tone: 'bad' });
  });

  it('warns of an engine that is held up', () => {
    expect(engineItem({ engine: { state: 'running' }, engineLoad: 0.034, engineHeldUpMs: 36 })).toMatchObject(
      { tone: 'warn', text: 'Engine running · load 3.4 % · held up for 36 ms' },
    );
  });
});
