import { describe, expect, it } from 'vitest';
import {
  channelSlots,
  dropStream,
  moveSlots,
  slotStreams,
} from '../../../src/parts/routing/channel-slots.ts';
import { firstOf, sampleBay } from './sample-bay.ts';

const bay = sampleBay();
const live = {
  signal: new Uint8Array(128).fill(1),
  trouble: new Map<string, string>(),
  pending: new Set<string>(),
};

describe('the channel map', () => {
  it('shows what is on each slot and how much of each stream is routed', () => {
    const slots = channelSlots(bay, live);
    expect(slots).toHaveLength(128);
    expect(slots[16]).toMatchObject({ what: '1 “Kick” of FOH Matrix Out', state: 2 });
    expect(slots[8]?.routes).toEqual([]);
    expect(slotStreams(bay).map(({ routed, count }) => `${routed}/${count}`)).toEqual([
      '0/2',
      '4/4',
      '8/8',
      '8/8',
    ]);
  });

  it('takes all channels of a stream from the slot on where it is dropped', () => {
    const avio = firstOf(bay, 'AVIO-USB-0a4f1c : 2');
    expect(dropStream(bay, 'session:avio/0', 40).make).toEqual([
      { source: avio, destination: 40 },
      { source: avio + 1, destination: 41 },
    ]);
    expect(dropStream(bay, 'session:avio/0', 127).make).toHaveLength(1);
    expect(dropStream(bay, 'session:avio/0', 0).replaced).toHaveLength(2);
  });

  it('moves slots, onto themselves too, without taking its own routes for conflicts', () => {
    const up = moveSlots(bay, [16, 17, 18, 19, 20, 21, 22, 23], 18);
    expect(up.make.map(({ destination }) => destination)).toEqual([18, 19, 20, 21, 22, 23, 24, 25]);
    expect(up.clear).toHaveLength(8);
    expect(up.replaced).toEqual([]);
    const onto = moveSlots(bay, [16], 0);
    expect(onto.replaced.map(({ destination }) => destination)).toEqual([0]);
    expect(onto.clear.map(({ destination }) => destination).sort((a, b) => a - b)).toEqual([0, 16]);
  });
});
