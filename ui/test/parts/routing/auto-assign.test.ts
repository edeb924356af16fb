import { describe, expect, it } from 'vitest';
import { autoAssign } from '../../../src/parts/routing/auto-assign.ts';
import { patchBay } from '../../../src/parts/routing/patch-bay.ts';
import { sampleState } from '../../stand-in/sample-state.ts';

const state = sampleState('');
const allOf = (bay: ReturnType<typeof patchBay>) => bay.sources.groups.map((_, i) => i);

describe('automatic assignment', () => {
  it('gives small streams the first free run and large ones a block of eight of their own', () => {
    const bay = patchBay('receive', { ...state, receivers: state.receivers.filter(({ id }) => id === 'r3') });
    const { crossings, left } = autoAssign(bay, allOf(bay));
    const inputsOf = (title: string): number[] => {
      const group = bay.sources.groups.findIndex((each) => each.title === title);
      return crossings
        .filter(({ source }) => bay.sources.channels[source]?.group === group)
        .map((c) => c.destination);
    };
    expect(inputsOf('AVIO-USB-0a4f1c : 2')).toEqual([0, 1]);
    expect(inputsOf('Commentary Unit 3')).toEqual([]); // it has its routes
    expect(inputsOf('FOH Matrix Out')).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    expect(inputsOf('Stagebox Left 1-8')).toEqual([16, 17, 18, 19, 20, 21, 22, 23]);
    expect(left).toEqual([]);
  });

  it('names the streams for which there is no room, and never takes what is used', () => {
    const status = { ...state.status, device: { ...state.status.device, inputs: 8 } };
    const bay = patchBay('receive', { ...state, status, receivers: [] });
    const { crossings, left } = autoAssign(bay, allOf(bay));
    expect(new Set(crossings.map(({ destination }) => destination)).size).toBe(crossings.length);
    expect(left.map((group) => bay.sources.groups[group]?.title)).toEqual([
      'FOH Matrix Out',
      'Stagebox Left 1-8',
    ]);
  });
});
