import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from '@tutti/base';
import type { EngineClockStatus, EngineStatus } from '@tutti/common';
import { PatientClock } from '../../src/clock/settled-clock.ts';
import type { EngineMonitor } from '../../src/engine/engine-monitor.ts';

const changed = new Emitter<EngineClockStatus>();
const refreshed = new Emitter<EngineStatus>();
let status: EngineStatus | undefined;
const monitor: EngineMonitor = {
  get status() {
    return status;
  },
  onDidChangeClock: changed.event,
  onDidRefresh: refreshed.event,
  refresh: () => Promise.resolve(),
};
const grandmaster = '00-00-00-00-00-00-00-01';

function engineSays(clock: Partial<EngineClockStatus>): void {
  const now: EngineClockStatus = { source: 'ptp', state: 'listening', mediaTime: '1', steps: 0, ...clock };
  status = { clock: now, clockReport: '', clients: [], notices: [] };
  changed.fire(now);
}

let clock: PatientClock;
let changes: number;
beforeEach(() => {
  vi.useFakeTimers();
  status = undefined;
  clock = new PatientClock(monitor);
  changes = 0;
  clock.onDidChange(() => ++changes);
});
afterEach(() => {
  clock.dispose();
  vi.useRealTimers();
  expect(changed.listenerCount).toBe(0);
});

describe('the settled clock', () => {
  it('is not known while the first clock searches, until it has had its time', () => {
    engineSays({});
    expect(clock.current).toBeUndefined();
    engineSays({ state: 'calibrating' });
    expect(clock.current).toBeUndefined();
    const before = changes;
    vi.advanceTimersByTime(10_000);
    expect(changes).toBe(before + 1);
    expect(clock.current).toMatchObject({ state: 'calibrating' });
  });

  it('keeps the grandmaster over a restart of the engine', () => {
    engineSays({ state: 'locked', grandmaster, domain: 0 });
    engineSays({});
    expect(clock.current).toMatchObject({ state: 'listening', grandmaster, domain: 0 });
    engineSays({ state: 'locked', grandmaster, domain: 0 });
    vi.advanceTimersByTime(20_000);
    expect(clock.current).toMatchObject({ state: 'locked', grandmaster });
  });

  it('gives the grandmaster up when none is found', () => {
    engineSays({ state: 'locked', grandmaster, domain: 0 });
    engineSays({});
    vi.advanceTimersByTime(10_000);
    expect(clock.current).not.toHaveProperty('grandmaster');
  });

  it('takes nothing over from another source', () => {
    engineSays({ source: 'system', state: 'locked' });
    expect(clock.current).toMatchObject({ source: 'system' });
    engineSays({});
    expect(clock.current).toBeUndefined();
  });
});
