import { matchClock, type ClockIdentity, type ReferenceClock, type SessionStream } from '@tutti/model';
import { describe, expect, it } from 'vitest';

const grandmaster = '02-00-00-FF-FE-00-00-01';
const other = '02-00-00-FF-FE-00-00-02';
const ours: ClockIdentity = { kind: 'ptp', grandmaster, domain: 0, traceable: false };
const system: ClockIdentity = { kind: 'localmac', mac: '0A-00-00-00-00-01' };

const ptp = (more: Partial<Extract<ReferenceClock, { kind: 'ptp' }>> = {}): ReferenceClock => ({
  kind: 'ptp',
  version: 'IEEE1588-2008',
  traceable: false,
  ...more,
});
const following = (
  ...referenceClocks: ReferenceClock[]
): Pick<SessionStream, 'referenceClocks' | 'mediaClock'> => ({
  referenceClocks,
  mediaClock: { kind: 'direct', offset: 0 },
});

describe('matchClock', () => {
  it.each([
    ['same domain and grandmaster', ptp({ grandmaster, domain: 0 }), 'shared', true],
    ['same grandmaster, no domain given', ptp({ grandmaster }), 'shared', true],
    [
      'same domain, another grandmaster: perhaps one election old',
      ptp({ grandmaster: other, domain: 0 }),
      'shared',
      false,
    ],
    ['same domain, grandmaster not named', ptp({ domain: 0 }), 'shared', false],
    ['another domain', ptp({ grandmaster, domain: 1 }), 'foreign', true],
    ['another grandmaster, no domain given', ptp({ grandmaster: other }), 'foreign', true],
    ['neither domain nor grandmaster', ptp(), 'unknown', true],
    ['traceable time', ptp({ traceable: true }), 'unknown', true],
    ['the sender itself', { kind: 'localmac', mac: '0A-00-00-00-00-01' } as const, 'foreign', true],
    ['GPS', { kind: 'gps', text: 'gps' } as const, 'unknown', true],
    ['its local clock', { kind: 'local', text: 'local' } as const, 'foreign', true],
  ])('%s', (_, clock, verdict, certain) => {
    const match = matchClock({}, following(clock), ours);
    expect(match).toMatchObject({ verdict, certain });
    expect(match.reason).toMatch(/\.$/);
  });

  it('lets traceable streams in when our grandmaster is traceable, too', () => {
    expect(matchClock({}, following(ptp({ traceable: true })), { ...ours, traceable: true }).verdict).toBe(
      'shared',
    );
  });

  it('compares PTPv1 leaders with PTPv1 leaders only', () => {
    const v1: ClockIdentity = {
      kind: 'ptp',
      version: 'IEEE1588-2002',
      grandmaster,
      domain: 0,
      traceable: false,
    };
    const clock = ptp({ version: 'IEEE1588-2002', grandmaster });
    expect(matchClock({}, following(clock), v1)).toMatchObject({ verdict: 'shared', certain: true });
    expect(matchClock({}, following(ptp({ version: 'IEEE1588-2002', grandmaster: other })), v1).verdict).toBe(
      'foreign',
    );
    expect(matchClock({}, following(clock), ours).verdict).toBe('unknown');
    expect(matchClock({}, following(ptp({ grandmaster, domain: 0 })), v1).verdict).toBe('unknown');
  });

  it('takes the best of several clocks', () => {
    const match = matchClock({}, following(ptp({ domain: 9 }), ptp({ grandmaster, domain: 0 })), ours);
    expect(match).toMatchObject({ verdict: 'shared', certain: true });
  });

  it('takes the domain from clock-domain where ts-refclk has none, or is missing', () => {
    expect(matchClock({ clockDomain: 3 }, following(ptp({ grandmaster })), ours).verdict).toBe('foreign');
    expect(matchClock({ clockDomain: 0 }, following(), ours)).toMatchObject({
      verdict: 'shared',
      certain: false,
    });
    expect(matchClock({}, following(), ours).verdict).toBe('unknown');
  });

  it('never shares a clock with a free running sender, nor with PTP while we run on the system clock', () => {
    const free = { ...following(ptp({ grandmaster, domain: 0 })), mediaClock: { kind: 'sender' } as const };
    expect(matchClock({}, free, ours).verdict).toBe('foreign');
    expect(matchClock({}, following(ptp({ grandmaster, domain: 0 })), system).verdict).toBe('foreign');
  });

  it('shares the system clock with senders on this very machine', () => {
    expect(matchClock({}, following({ kind: 'localmac', mac: '0A-00-00-00-00-01' }), system).verdict).toBe(
      'shared',
    );
    expect(matchClock({}, following({ kind: 'localmac', mac: '0A-00-00-00-00-02' }), system).verdict).toBe(
      'foreign',
    );
  });

  it('does not know when the description says nothing about the media clock', () => {
    expect(matchClock({}, { referenceClocks: [ptp({ grandmaster, domain: 0 })] }, ours).verdict).toBe(
      'unknown',
    );
  });
});
