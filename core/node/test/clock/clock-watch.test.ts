import { Emitter } from '@tutti/base';
import type { EngineClockStatus, EngineStatus } from '@tutti/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MonitoredClock } from '../../src/clock/clock-watch.ts';
import type { EngineMonitor } from '../../src/engine/engine-monitor.ts';
import { createSilentLog } from '../../src/platform/log.ts';

const changed = new Emitter<EngineClockStatus>();
const refreshed = new Emitter<EngineStatus>();
const monitor: EngineMonitor = {
  status: undefined,
  onDidChangeClock: changed.event,
  onDidRefresh: refreshed.event,
  refresh: () => Promise.resolve(),
};
const locked: EngineClockStatus = {
  source: 'ptp',
  state: 'locked',
  grandmaster: '00-00-00-00-00-00-00-01',
  domain: 0,
  mediaTime: '1',
  steps: 1,
};

function answer(clock: Partial<EngineClockStatus>, report: object = {}): void {
  const clockReport = JSON.stringify(report);
  refreshed.fire({ clock: { ...locked, ...clock }, clockReport, clients: [], notices: [] });
}

let watch: MonitoredClock;
beforeEach(() => {
  watch = new MonitoredClock(monitor, createSilentLog());
});
afterEach(() => {
  watch.dispose();
  expect([changed.listenerCount, refreshed.listenerCount]).toEqual([0, 0]);
});

const messages = (): readonly string[] => watch.events.map(({ message }) => message);

describe('the watch over the clock', () => {
  it('keeps a sample of each second and the report of the last', () => {
    answer({ errorNs: 90 }, { offsetNs: 12, pathDelayNs: 3000 });
    answer({ errorNs: 80 }, { offsetNs: -5 });
    expect(watch.history).toMatchObject([
      { state: 'locked', offsetNs: 12, pathDelayNs: 3000, errorNs: 90 },
      { state: 'locked', offsetNs: -5, errorNs: 80 },
    ]);
    expect(watch.report).toEqual({ offsetNs: -5 });
  });

  it('forgets what is more than an hour old', () => {
    for (let second = 0; second < 3610; ++second) answer({ errorNs: second });
    expect(watch.history).toHaveLength(3600);
    expect(watch.history[0]).toMatchObject({ errorNs: 10 });
  });

  it('notes each change once, and a step with its size', () => {
    answer({ steps: 0 });
    changed.fire({ ...locked, steps: 0, state: 'holdover' });
    answer({ steps: 0, state: 'holdover' });
    answer({ steps: 1, grandmaster: '00-00-00-00-00-00-00-02' }, { lastStepNs: -3_600_000_000_000 });
    answer({ steps: 1, grandmaster: '00-00-00-00-00-00-00-02' });
    expect(messages()).toEqual([
      'The clock source is ptp.',
      'The clock is locked.',
      'The grandmaster is 00-00-00-00-00-00-00-01 on domain 0.',
      'The clock is in holdover: it goes on at the rate it learned.',
      'The clock is locked.',
      'The grandmaster is 00-00-00-00-00-00-00-02 on domain 0.',
      'Media time stepped by -3600.000000 s: streams began anew there.',
    ]);
  });

  it('counts the steps of a restarted engine from 0', () => {
    answer({ steps: 5 });
    answer({ steps: 0 });
    answer({ steps: 2 });
    expect(messages().filter((each) => each.startsWith('Media time stepped'))).toEqual([
      'Media time stepped 5 times: streams began anew there.',
      'Media time stepped 2 times: streams began anew there.',
    ]);
  });
});
