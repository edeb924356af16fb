import type { ClockDetails } from '@tutti/common';
import { describe, expect, it } from 'vitest';
import { candidateTable, clockFacts, eventLines } from '../src/clock-text.ts';
import { facts } from '../src/table.ts';

const identity = '00-1D-C1-FF-FE-12-34-56';
const details: ClockDetails = {
  source: 'ptp',
  state: 'locked',
  grandmaster: identity,
  domain: 0,
  mediaTime: '1700000000000000000',
  steps: 1,
  errorNs: 240,
  report: {
    role: 'follower',
    interfaces: [{ name: 'eth0', timestamping: 'kernel', reason: 'the network card has no clock' }],
    master: { identity, address: '10.0.0.9', interface: 'eth0' },
    dataset: { priority1: 128, priority2: 127, clockClass: 6, accuracy: 0x21, timeTraceable: true },
    offsetNs: -1250,
    pathDelayNs: 18_400,
    ratePpm: 3.21,
    rates: { sync: 8, announce: 0.5 },
    candidates: [
      {
        identity,
        domain: 0,
        priority1: 128,
        priority2: 127,
        clockClass: 6,
        standing: 'followed',
        reason: 'best',
      },
      {
        identity: '00-00-00-00-00-00-00-02',
        domain: 5,
        standing: 'otherDomain',
        reason: 'domain 5, we follow 0',
      },
    ],
  },
  history: Array.from({ length: 100 }, (_, i) => ({ at: '', state: 'locked', offsetNs: i * 10 })),
  events: [{ at: '2026-01-01T00:00:00.000Z', kind: 'state', message: 'The clock is locked.' }],
};

describe('the clock in words', () => {
  it('says who is followed, how well, and how that was measured', () => {
    const text = facts(clockFacts(details));
    for (const part of [
      'ptp (follower)',
      `${identity} at 10.0.0.9 on eth0`,
      'priority 128/127, class 6, accuracy 0x21, TAI, traceable',
      '-1.25 us; last 100 s: median 490 ns, 99 % within 980 ns, all within 990 ns',
      '18.40 us',
      '+3.210 ppm',
      'kernel on eth0 (the network card has no clock)',
      'sync 8.0/s, announce 0.5/s',
    ])
      expect(text).toContain(part);
  });

  it('has a line for everyone who was heard, with the reason', () => {
    const lines = candidateTable(details).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/00-00-00-00-00-00-00-02 +5 .*otherDomain +domain 5, we follow 0/);
  });

  it('leaves out what the source does not say', () => {
    const text = facts(clockFacts({ ...details, report: {}, history: [] }));
    expect(text).not.toContain('undefined');
    expect(text).not.toContain('offset');
    expect(candidateTable({ ...details, report: {} })).toBe('');
    expect(eventLines(details)).toContain('The clock is locked.');
  });
});
