import { describe, expect, it } from 'vitest';
import { SignalWatch } from '../../../src/parts/routing/signal-watch.ts';
import { receiverTrouble } from '../../../src/parts/routing/stream-health.ts';
import { receiver } from '../../stand-in/sample-state.ts';

const stage = receiver('r1', 'Stage', undefined, 2, 1, ['239.0.0.1']);

describe('signals', () => {
  it('last through a pause and end in silence', () => {
    const watch = new SignalWatch(2);
    watch.feed(Float32Array.of(0.5, 0), 1000);
    expect([...watch.at(1000)]).toEqual([1, 0]);
    watch.feed(Float32Array.of(0, 0), 2900);
    expect([...watch.at(2900)]).toEqual([1, 0]);
    expect([...watch.at(3001)]).toEqual([0, 0]);
  });
});

describe('what is wrong with a stream', () => {
  it('is its problem with the fix, else the worst link of its chain with the evidence', () => {
    const problem = {
      code: 'unsupported',
      message: 'the stream runs at 96 kHz',
      fix: 'set the device to it',
    } as const;
    expect(receiverTrouble({ ...stage, problem })).toBe('The stream runs at 96 kHz. Set the device to it');
    const connection = {
      state: 'unhealthy',
      message: 'no packets come',
      evidence: '0 packets/s',
      fix: 'look',
    } as const;
    const health = { ...stage.health, connection, overall: 'unhealthy' } as const;
    expect(receiverTrouble({ ...stage, health })).toBe('No packets come (0 packets/s). Look');
    expect(receiverTrouble(stage)).toBeUndefined();
  });
});
