import { describe, expect, it } from 'vitest';
import { Emitter } from '@tutti/base';
import type { EngineClockStatus, EngineStatus } from '@tutti/common';
import type { EngineClient } from '../../src/engine/engine-client.ts';
import { PollingEngineMonitor } from '../../src/engine/engine-monitor.ts';

const locked = { source: 'ptp', state: 'locked', grandmaster: 'A' } as EngineClockStatus;
const led = { ...locked, grandmaster: 'B' };

describe('the engine monitor', () => {
  it('asks for the rest at once when the engine says that its clock has changed', async () => {
    const changed = new Emitter<EngineClockStatus>();
    const answers = [
      { clock: locked, clockReport: 'of A' },
      { clock: led, clockReport: 'of B' },
    ];
    const engine = {
      state: 'running',
      onDidChangeClock: changed.event,
      status: () => Promise.resolve(answers.shift() as unknown as EngineStatus),
    };
    const monitor = new PollingEngineMonitor(engine as unknown as EngineClient);
    const clocks: (string | undefined)[] = [];
    monitor.onDidChangeClock(({ grandmaster }) => clocks.push(grandmaster));
    await monitor.refresh();
    expect(monitor.status).toMatchObject({ clockReport: 'of A' });
    const refreshed = new Promise((resolve) => monitor.onDidRefresh(resolve));
    changed.fire(led);
    await refreshed;
    expect(monitor.status).toMatchObject({ clock: led, clockReport: 'of B' });
    expect(clocks).toEqual(['A', 'B']);
    monitor.dispose();
  });
});
