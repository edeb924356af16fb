import type { Counters } from '@tutti/common';
import { afterEach, describe, expect, it } from 'vitest';
import { SampledCounterHistory, windowSeconds } from '../../src/health/counter-history.ts';

let now = 0;
let counters: Counters = {};
let receivers = ['r1'];
const history = (): SampledCounterHistory => {
  [now, counters, receivers] = [0, {}, ['r1']];
  last = new SampledCounterHistory(
    () => receivers,
    () => counters,
    () => now,
  );
  return last;
};
let last: SampledCounterHistory | undefined;
afterEach(() => last?.dispose());

describe('recent counters', () => {
  it('say by how much each grew, and forget what is older than the window', () => {
    const each = history();
    for (now = 0; now <= 30_000; now += 500) {
      counters = { packets: now, lost: now < 5000 ? 0 : 3 };
      each.sample();
    }
    expect(each.recent('r1')).toEqual({
      seconds: windowSeconds,
      counters: { packets: windowSeconds * 1000, lost: 0 },
    });
  });

  it('know nothing before the second look, and nothing of who is gone', () => {
    const each = history();
    each.sample();
    expect(each.recent('r1')).toEqual({ seconds: 0, counters: {} });
    now = 500;
    each.sample();
    expect(each.recent('r1').seconds).toBe(1);
    receivers = [];
    each.sample();
    expect(each.recent('r1')).toEqual({ seconds: 0, counters: {} });
  });

  it('begin anew with a new engine, whose counters begin anew', () => {
    const each = history();
    counters = { packets: 1000, lost: 9 };
    each.sample();
    [now, counters] = [500, { packets: 10, lost: 0 }];
    each.sample();
    [now, counters] = [1000, { packets: 510, lost: 0 }];
    each.sample();
    expect(each.recent('r1')).toEqual({ seconds: 1, counters: { packets: 500, lost: 0 } });
  });
});
