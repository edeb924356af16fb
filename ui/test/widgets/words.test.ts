import { describe, expect, it } from 'vitest';
import {
  agoText,
  countText,
  formatText,
  levelText,
  mapText,
  packetTimeText,
  rangesText,
} from '../../src/widgets/words.ts';

describe('channels as words', () => {
  it('joins neighbours, in order', () => {
    expect(rangesText([3, 1, 2, 8, 10, 11])).toBe('1–3, 8, 10–11');
    expect(rangesText([])).toBe('');
  });

  it('shows a map pair by pair where it is crossed', () => {
    const straight = [1, 2, 3].map((channel) => [channel, channel + 16] as const);
    expect(mapText([...straight, [5, 1]])).toBe('1–3 → 17–19, 5 → 1');
  });
});

describe('numbers as words', () => {
  it('writes a format as engineers say it', () => {
    expect(formatText({ encoding: 'L16', rate: 44_100, channels: 2, framesPerPacket: 6 })).toBe(
      'L16 · 44.1 kHz · 2 ch · 136 µs',
    );
    const dsd = { name: 'DSD64', rate: 2_822_400, as: 'dop' } as const;
    const fast = { encoding: 'L24', rate: 176_400, channels: 2 };
    expect(formatText({ ...fast, dsd })).toBe('L24 · 176.4 kHz · 2 ch · DSD64');
    expect(formatText({ ...fast, dsd: { ...dsd, as: 'pcm' } })).toBe('L24 · 176.4 kHz · 2 ch · DSD64 to PCM');
    expect(packetTimeText(48, 48_000)).toBe('1 ms');
    expect(packetTimeText(6, 48_000)).toBe('125 µs');
  });

  it('sets thousands apart', () => {
    expect(countText(1234567)).toBe('1\u202f234\u202f567');
    expect(countText(999)).toBe('999');
  });

  it('writes levels with a minus, and never minus zero', () => {
    expect(levelText(-23.44)).toBe('−23.4 dBFS');
    expect(levelText(-0.01)).toBe('0.0 dBFS');
    expect(levelText(-Infinity)).toBe('−∞ dBFS');
  });

  it('tells time in the unit that matters', () => {
    expect([0, 5000, 125_000, 7_300_000, 200_000_000].map(agoText)).toEqual([
      'now',
      '5 s ago',
      '2 min ago',
      '2 h ago',
      '2 d ago',
    ]);
  });
});
