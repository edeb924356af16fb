import { describe, expect, it } from 'vitest';
import { readClockReport } from '../../src/clock/read-clock-report.ts';

describe('the report of a clock source', () => {
  it('is taken as it is when every member is as the ABI says', () => {
    const report = {
      role: 'follower',
      offsetNs: -120.5,
      master: { identity: '00-1D-C1-FF-FE-12-34-56', port: 1, interface: 'eth0' },
      candidates: [{ identity: '00-1D-C1-FF-FE-12-34-56', standing: 'followed', reason: 'the only one' }],
    };
    expect(readClockReport(JSON.stringify(report))).toEqual(report);
  });

  it('loses only the members that are wrong', () => {
    const report = { role: 'emperor', offsetNs: 'much', pathDelayNs: 12, rates: { sync: 8 }, more: 1 };
    expect(readClockReport(JSON.stringify(report))).toEqual({ pathDelayNs: 12, rates: { sync: 8 } });
  });

  it('loses a member that is far too long', () => {
    const one = { identity: '00-1D-C1-FF-FE-12-34-56', standing: 'outvoted' };
    const report = { domain: 3, candidates: Array.from({ length: 65 }, () => one) };
    expect(readClockReport(JSON.stringify(report))).toEqual({ domain: 3 });
  });

  it.each(['', 'null', '[]', '7', '{"role":', '\u0000'])('is empty when it is %j', (text) => {
    expect(readClockReport(text)).toEqual({});
  });
});
