import { healthDomains, type HealthState } from '@tutti/common';
import { describe, expect, it } from 'vitest';
import { judgeReceiver, type ReceiverObservation } from '../../src/health/judge-receiver.ts';

const leg = { address: '239.1.2.3', port: 5004, interface: 'eth0', up: true };
const good: ReceiverObservation = {
  id: 'r1',
  engineRuns: true,
  flowing: true,
  legs: [leg],
  encoding: 'L24',
  channels: 8,
  timing: 'shared',
  linkOffsetMs: 3,
  clock: { source: 'ptp', state: 'locked', errorNs: 180 },
  match: { verdict: 'shared', certain: true, reason: 'Same grandmaster.' },
  counters: { packets: 50_000, framesPerPacket: 48, anchored: 1 },
  recent: { seconds: 10, counters: { packets: 10_000, legAPackets: 10_000 } },
  engineHeldUpMs: 0,
  mapped: 8,
  peak: 0.5,
};

const grown = (counters: Record<string, number>): Pick<ReceiverObservation, 'recent'> => ({
  recent: { seconds: 10, counters: { ...good.recent.counters, ...counters } },
});
const nothingComes = (counters: Record<string, number> = {}): Partial<ReceiverObservation> => ({
  flowing: false,
  counters: {},
  recent: { seconds: 10, counters },
});

function states(change: Partial<ReceiverObservation>): Record<string, HealthState> {
  const health = judgeReceiver({ ...good, ...change });
  return Object.fromEntries([...healthDomains, 'signal' as const].map((each) => [each, health[each].state]));
}

const healthy = {
  link: 'healthy',
  connection: 'healthy',
  synchronisation: 'healthy',
  stream: 'healthy',
  signal: 'healthy',
} as const;
const inactive = 'inactive';

describe('a receiver', () => {
  it('that plays is healthy in everything, each with its number', () => {
    const health = judgeReceiver(good);
    expect(states({})).toEqual(healthy);
    expect(health.overall).toBe('healthy');
    expect(health.connection.evidence).toBe('1000 packets/s, 0 lost and 0 late in 10 s');
    expect(health.synchronisation.evidence).toBe('ptp locked, ±0.18 µs');
    expect(health.signal.evidence).toBe('-6.0 dBFS');
  });

  it('whose only interface is down says so, and judges nothing that rests on it', () => {
    const down = { ...nothingComes(), legs: [{ ...leg, up: false }] };
    expect(states(down)).toEqual({
      link: 'unhealthy',
      connection: inactive,
      synchronisation: inactive,
      stream: inactive,
      signal: inactive,
    });
    expect(judgeReceiver({ ...good, ...down }).link.message).toContain('eth0 is down');
  });

  it('that hears nothing is told to look at the switch for a group, and at firewalls for an address of ours', () => {
    const fix = (address: string): string | undefined =>
      judgeReceiver({ ...good, ...nothingComes(), legs: [{ ...leg, address }] }).connection.fix;
    expect(fix('239.1.2.3')).toContain('IGMP querier');
    expect(fix('10.0.0.2')).toContain('firewall');
  });

  it('with one of two paths down plays on, unprotected', () => {
    const legs = [leg, { ...leg, interface: 'eth1', up: false }];
    expect(states({ legs, ...grown({ legBPackets: 0 }) })).toMatchObject({
      link: 'partiallyHealthy',
      connection: 'partiallyHealthy',
      stream: 'healthy',
    });
  });

  it('one of whose paths is slower than the link offset holds plays on, unprotected', () => {
    const [legs, counters] = [
      [leg, { ...leg, interface: 'eth1' }],
      { ...good.counters, legSkewNs: -4_500_000, marginMinNs: -1_500_000 },
    ];
    const { connection } = judgeReceiver({ ...good, legs, counters, ...grown({ legBPackets: 10_000 }) });
    expect(connection).toMatchObject({
      state: 'partiallyHealthy',
      message: expect.stringContaining('4.5 ms behind the other') as string,
      fix: 'Choose a longer link offset: tutti receiver set r1 --link-offset 6',
    });
    // The margin is of the window before, in which both paths were in time.
    const before = { ...counters, marginMinNs: 2_500_000 };
    expect(
      judgeReceiver({ ...good, legs, counters: before, ...grown({ legBPackets: 10_000 }) }).connection.fix,
    ).toMatch(/--link-offset 6$/);
    expect(
      judgeReceiver({ ...good, legs, counters, linkOffsetMs: 5, ...grown({ legBPackets: 10_000 }) })
        .connection.state,
    ).toBe('healthy');
  });

  it('to which nothing comes has no connection', () => {
    const health = judgeReceiver({ ...good, ...nothingComes() });
    expect(health.connection).toMatchObject({
      state: 'unhealthy',
      message: 'No packet has come to 239.1.2.3:5004 on eth0.',
      fix: expect.stringContaining('IGMP querier') as string,
    });
    expect(health.overall).toBe('unhealthy');
    expect(health.signal.state).toBe(inactive);
    const stopped = judgeReceiver({ ...good, ...nothingComes(), counters: { packets: 7 } });
    expect(stopped.connection.message).toContain('have stopped coming');
  });

  it('that hears only other senders says that, not that nothing comes', () => {
    const { connection } = judgeReceiver({ ...good, ...nothingComes({ wrongSource: 900 }) });
    expect(connection.message).toContain('from other senders than the session names');
    expect(connection.evidence).toBe('900 refused in 10 s');
  });

  it('that loses packets names how many', () => {
    const { connection, overall } = judgeReceiver({ ...good, ...grown({ lost: 3 }) });
    expect(connection).toMatchObject({
      state: 'partiallyHealthy',
      message: '3 packets were lost on the way.',
    });
    expect(overall).toBe('partiallyHealthy');
  });

  it('whose packets come too late is told which link offset would do', () => {
    const late = { counters: { ...good.counters, marginMinNs: -2_400_000 } };
    const some = judgeReceiver({ ...good, ...late, ...grown({ late: 40 }) }).connection;
    expect(some).toMatchObject({
      state: 'partiallyHealthy',
      fix: 'Choose a longer link offset: tutti receiver set r1 --link-offset 7',
    });
    expect(judgeReceiver({ ...good, ...late, ...grown({ late: 9000 }) }).connection.state).toBe('unhealthy');
  });

  it('whose packets come too late because the engine did not run is told that, not to look at the network', () => {
    const told = (engineHeldUpMs: number) =>
      judgeReceiver({ ...good, engineHeldUpMs, ...grown({ late: 17 }) }).connection;
    expect(told(36)).toMatchObject({
      state: 'partiallyHealthy',
      message: '17 packets came too late to be played: this computer held the engine up for 36 ms.',
      fix: 'Choose a longer link offset: tutti receiver set r1 --link-offset 37',
    });
    expect(told(1).message).toBe('17 packets came too late to be played.');
  });

  it.each([
    ['another payload type', { wrongPayloadType: 10_000 }],
    ['frames that are none', { malformed: 10_000 }],
  ])('to which %s comes has a connection and no stream', (_, counters) => {
    expect(states(nothingComes(counters))).toEqual({
      link: 'healthy',
      connection: 'healthy',
      synchronisation: inactive,
      stream: 'unhealthy',
      signal: inactive,
    });
  });

  it('with a second sender on its group goes on with a warning', () => {
    expect(states(grown({ ssrcConflicts: 5 }))).toEqual({ ...healthy, stream: 'partiallyHealthy' });
  });

  it('of an encoding that no extension has fails as a stream, not as a connection', () => {
    const problem = { code: 'unsupported', message: 'no codec for OPUS', fix: 'enable one' } as const;
    expect(states({ ...nothingComes(), problem })).toEqual({
      link: 'healthy',
      connection: inactive,
      synchronisation: inactive,
      stream: 'unhealthy',
      signal: inactive,
    });
  });

  it.each([
    ['is in holdover', { clock: { source: 'ptp', state: 'holdover' } }, 'partiallyHealthy'],
    ['listens', { clock: { source: 'ptp', state: 'listening' } }, 'partiallyHealthy'],
    ['runs free', { clock: { source: 'system', state: 'freeRun' } }, 'healthy'],
    [
      'is another one, although it is said to be shared',
      { match: { verdict: 'foreign', certain: true, reason: 'Another domain.' } },
      'partiallyHealthy',
    ],
    ['is on another timeline', grown({ early: 10_000 }), 'unhealthy'],
    ['is followed', { timing: 'resample' }, 'healthy'],
    ['is followed, after a jump', { timing: 'resample', ...grown({ reanchors: 1 }) }, 'partiallyHealthy'],
    ['is being measured', { timing: 'resample', counters: { anchored: 0 } }, 'partiallyHealthy'],
  ] as const)('whose clock %s', (_, change, state) => {
    expect(states(change)).toEqual({ ...healthy, synchronisation: state });
  });

  it('that is mapped to nothing, or silent, has its fault in the signal alone', () => {
    expect(states({ mapped: 0 })).toEqual({ ...healthy, signal: 'unhealthy' });
    expect(states({ peak: 0 })).toEqual({ ...healthy, signal: 'partiallyHealthy' });
    expect(judgeReceiver({ ...good, peak: 0 }).overall).toBe('healthy');
  });

  it('is unhealthy while the engine is down', () => {
    const health = judgeReceiver({ ...good, ...nothingComes(), engineRuns: false });
    expect(health.connection.message).toContain('engine');
    expect(health.overall).toBe('unhealthy');
  });

  it('that carries DSD has a signal, whatever the meters say of its words; converted, it has a level', () => {
    const dsd = { name: 'DSD64', rate: 2_822_400, as: 'dop' } as const;
    const { signal } = judgeReceiver({ ...good, peak: 0, dsd });
    expect(signal).toMatchObject({ state: 'healthy', evidence: '8 routes' });
    expect(signal.message).toContain('DSD64');
    expect(judgeReceiver({ ...good, dsd: { ...dsd, as: 'pcm' } }).signal.evidence).toBe('-6.0 dBFS');
  });
});
