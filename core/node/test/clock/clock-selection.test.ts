import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { TransactionalClockSelection } from '../../src/clock/clock-selection.ts';
import { Rig } from '../support/rig.ts';

let rig: Rig;
let selection: TransactionalClockSelection;
beforeEach(async () => {
  rig = await new Rig().start();
  selection = new TransactionalClockSelection(
    rig.reconciler,
    rig.registries,
    rig.configuration,
    rig.monitor,
    rig.log,
  );
});
afterEach(async () => {
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

describe('choosing a clock', () => {
  it('starts it with the options it has and the new ones, and writes them down', async () => {
    await selection.use('system', { timescale: 'utc', extra: 1 });
    await selection.use('system', { extra: null });
    expect(rig.engineProcess.plan?.clock).toEqual({ source: 'system', options: { timescale: 'utc' } });
    expect(JSON.parse(readFileSync(rig.paths.settings, 'utf8'))).toEqual({
      'clock.options': { system: { timescale: 'utc' } },
    });
  });

  it('leaves source and options as they were when the source does not start with them', async () => {
    await selection.use('system', { timescale: 'utc' });
    const clock = {
      kind: 'clock',
      id: 'ptp',
      extension: 'test.codecs',
      path: '/clock.so',
      file: '',
    } as const;
    const registration = rig.registries.clocks.register('ptp', clock);
    rig.engineProcess.refused.set('clock', { code: 'unavailable', message: 'no such interface' });
    await expect(selection.use('ptp', { interface: 'nowhere' })).rejects.toMatchObject({
      problem: { code: 'unavailable' },
    });
    rig.engineProcess.refused.clear();
    expect(rig.state.current.clockSource).toBe('system');
    expect(rig.configuration.get('clock.options')).toEqual({ system: { timescale: 'utc' } });
    registration.dispose();
  });

  it('refuses a source that nobody has', async () => {
    await expect(selection.use('sundial')).rejects.toMatchObject({ problem: { code: 'notFound' } });
  });
});
