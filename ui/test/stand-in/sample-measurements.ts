import { arrivalBinNs, arrivalBins, type Arrivals, type ClockDetails, type ClockInfo } from '@tutti/common';

/** Packets of 1 ms that come a little after they are complete; a few, on a busy link, much later. */
export function sampleArrivals(): Arrivals {
  const packets = 400_000;
  const share = (ms: number): number => {
    const usual = Math.exp(-(((ms - 1.18) / 0.07) ** 2));
    const busy = ms > 1.2 && ms < 3.2 ? 0.0006 * Math.exp(-(ms - 1.2) / 0.5) : 0;
    return usual + busy;
  };
  return {
    counts: Array.from({ length: arrivalBins }, (_, bin) => {
      const width = (arrivalBinNs(bin + 1) - arrivalBinNs(bin)) / 1e6;
      return Math.round(packets * share(arrivalBinNs(bin) / 1e6) * width * 8);
    }),
  };
}

/** A clock that locked some minutes ago to a grandmaster of a small studio. */
export function sampleClock(clock: ClockInfo): ClockDetails {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const seconds = 700;
  const at = (ago: number): string => new Date(now - ago * 1000).toISOString();
  const noise = (i: number): number =>
    Math.sin(i * 12.9898) * 43_758.5453 - Math.floor(Math.sin(i * 12.9898) * 43_758.5453);
  return {
    ...clock,
    report: {
      role: 'follower',
      identity: '02-42-AC-FF-FE-11-00-02',
      interfaces: [{ name: 'enp3s0', address: '192.168.10.20', timestamping: 'kernel' }],
      domain: 0,
      master: { identity: '00-1D-C1-FF-FE-12-34-56', port: 1, address: '192.168.10.31', interface: 'enp3s0' },
      offsetNs: 240,
      pathDelayNs: 3120,
      ratePpm: -4.215,
      rates: { sync: 8, followUp: 8, announce: 1, delayResponse: 8 },
      candidates: [
        {
          ...{
            identity: '00-1D-C1-FF-FE-12-34-56',
            domain: 0,
            address: '192.168.10.31',
            interface: 'enp3s0',
          },
          ...{
            priority1: 128,
            clockClass: 248,
            accuracy: 0x25,
            variance: 17_258,
            priority2: 128,
            stepsRemoved: 0,
          },
          ...{
            ageMs: 420,
            standing: 'followed',
            reason: 'lowest identity of those that are equal before it',
          },
        },
        {
          ...{
            identity: '00-1D-C1-FF-FE-98-76-54',
            domain: 0,
            address: '192.168.10.44',
            interface: 'enp3s0',
          },
          ...{
            priority1: 249,
            clockClass: 248,
            accuracy: 0xfe,
            variance: 65_535,
            priority2: 128,
            stepsRemoved: 0,
          },
          ...{ ageMs: 910, standing: 'outvoted', reason: 'priority 1 is 249, the followed one has 128' },
        },
        {
          ...{
            identity: '00-04-B3-FF-FE-01-02-03',
            domain: 127,
            address: '192.168.10.50',
            interface: 'enp3s0',
          },
          ...{
            priority1: 128,
            clockClass: 6,
            accuracy: 0x21,
            variance: 20_061,
            priority2: 128,
            stepsRemoved: 1,
          },
          ...{
            ageMs: 1300,
            standing: 'otherDomain',
            reason: 'it announces domain 127, this clock follows domain 0',
          },
        },
      ],
    },
    history: Array.from({ length: seconds }, (_, i) => ({
      at: at(seconds - i),
      state: i < 30 ? ('calibrating' as const) : ('locked' as const),
      offsetNs: Math.round((noise(i) - 0.5) * 1600 + 9000 * Math.exp(-i / 12)),
      pathDelayNs: Math.round(3000 + noise(i + 7) * 600),
      errorNs: 180,
    })),
    events: [
      { at: at(705), kind: 'source', message: 'The clock source is ptp.' },
      { at: at(698), kind: 'grandmaster', message: 'The grandmaster is 00-1D-C1-FF-FE-12-34-56.' },
      { at: at(670), kind: 'state', message: 'The clock is locked.' },
      { at: at(312), kind: 'step', message: 'The timeline stepped by 1.2 ms.' },
    ],
  };
}
