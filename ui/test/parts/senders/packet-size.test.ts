import { describe, expect, it } from 'vitest';
import { packetSize } from '../../../src/parts/senders/packet-size.ts';

describe('the weight of a packet, while it is being entered', () => {
  it('says how much of the limit is used', () => {
    const size = packetSize({ channels: '1-8', format: 'L24', ptime: 1, rate: 48_000 });
    expect(size).toEqual({
      text: '8 ch × 48 frames: 1152 of 1440 bytes. 9.8 Mbit/s, 1000 packets/s.',
      tooBig: false,
    });
  });

  it('says when it is too big, and what to do', () => {
    const size = packetSize({ channels: '1-16', format: 'L24', ptime: 1, rate: 48_000 });
    expect(size.tooBig).toBe(true);
    expect(size.text).toContain('shorter packet time');
  });

  it('says nothing about a list that is not finished', () => {
    expect(packetSize({ channels: '1-', format: 'L24', ptime: 1, rate: 48_000 }).tooBig).toBe(false);
  });
});
