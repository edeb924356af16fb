import { describe, expect, it } from 'vitest';
import { freeInputs, inputUse, outputUse } from '../../src/widgets/channel-use.ts';
import { sampleState } from '../stand-in/sample-state.ts';

describe('who uses a channel', () => {
  const { receivers, senders } = sampleState('');

  it('names the receiver, its channel and its label', () => {
    const use = inputUse(128, receivers);
    expect(use[0]).toBe('Stagebox Left 1-8 1 “Kick”');
    expect(use[8]).toBeUndefined();
    expect(use[16]).toBe('FOH Matrix Out 1 “Kick”');
  });

  it('names every sender of an output', () => {
    const [first] = senders;
    const use = outputUse(128, first ? [first, { ...first, id: 'x', name: 'Copy' }] : []);
    expect(use[0]).toBe('Playback A 1, Copy 1');
  });

  it('says of a channel with DSD why it has no level', () => {
    const dsd = { name: 'DSD64', rate: 2_822_400, as: 'dop' } as const;
    const [receiver] = receivers;
    if (receiver === undefined) throw new Error('no sample');
    expect(inputUse(128, [{ ...receiver, dsd }])[0]).toBe('Stagebox Left 1-8 1 “Kick” (DSD64)');
    expect(inputUse(128, [{ ...receiver, dsd: { ...dsd, as: 'pcm' } }])[0]).not.toContain('DSD');
  });

  it('finds the inputs that the host would take next', () => {
    const use = inputUse(128, receivers);
    expect(freeInputs(use, 10)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 25, 26]);
    expect(freeInputs(inputUse(8, receivers), 1)).toEqual([]);
  });

  it('ignores a route to an input that the device does not have', () => {
    expect(inputUse(4, receivers)).toHaveLength(4);
  });
});
