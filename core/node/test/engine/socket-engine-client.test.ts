import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announcedSdp } from '@tutti/test';
import { Rig } from '../support/rig.ts';
import { until } from '../support/until.ts';
import { SocketEngineClient } from '../../src/engine/socket-engine-client.ts';
import { stopEngine } from '../../src/engine/stop-engine.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await new Rig().start();
});
afterEach(async () => {
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

describe('the engine client', () => {
  it('attaches to an engine that is running, without starting another or telling it anything', async () => {
    await rig.streams.addReceiver({ sdp: announcedSdp() });
    rig.engine.dispose();
    await until('the old host is gone', () => rig.engineProcess.connectionCount === 0);
    const told = rig.engineProcess.applied.length;
    const next = new SocketEngineClient(rig.paths, rig.log, () => {
      throw new Error('it must not start one');
    });
    await next.start();
    expect(next.welcome?.plan?.receivers).toHaveLength(1);
    expect(rig.engineProcess.applied).toHaveLength(told);
    next.dispose();
  });

  it('starts another engine when one dies, again and again', async () => {
    for (let i = 0; i < 3; i += 1) {
      const died = rig.engineProcess;
      await died.kill();
      await until('another engine', () => rig.engineProcess !== died && rig.engine.state === 'running');
    }
  });

  it('says at once that no engine is connected', async () => {
    rig.engine.dispose();
    await rig.engineProcess.kill();
    expect(rig.engine.state).toBe('down');
    expect(() => rig.engine.status()).toThrow('the engine is not running');
  });

  it('ends an engine that has no host', async () => {
    rig.engine.dispose();
    expect(await stopEngine(rig.paths.engineSocket)).toBe(true);
    expect(await stopEngine(rig.paths.engineSocket)).toBe(false);
  });
});
