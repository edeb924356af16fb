import { writeSdp, type SdpContent } from '@tutti/model';
import { describe, expect, it } from 'vitest';
import { checkSender } from '../../src/senders/check-sender.ts';

const content: SdpContent = {
  origin: { sessionId: '1700000000', sessionVersion: '1', address: '10.0.0.1' },
  name: 'Studio',
  encoding: 'L24',
  rate: 48_000,
  channels: 8,
  payloadType: 98,
  framesPerPacket: 48,
  legs: [{ address: '239.69.1.2', port: 5004, ttl: 32 }],
  referenceClock: {
    kind: 'ptp',
    version: 'IEEE1588-2008',
    grandmaster: '00-1D-C1-FF-FE-00-00-01',
    domain: 0,
  },
  mediaOffset: 0,
};

const sdp = (change: Partial<SdpContent> = {}): string => writeSdp({ ...content, ...change });
const leg = (address: string, port = 5004) => ({ legs: [{ address, port, ttl: 32 }] });
const side = { prefixes: new Map([['239.69', ['desk', 'stage']]]) };
const codes = (text: string, before?: string): string[] =>
  checkSender(text, side, before).map(({ code }) => code);

describe('a sender of ours', () => {
  it('that Dante devices take is not criticized', () => {
    expect(codes(sdp())).toEqual([]);
    expect(codes(sdp({ channels: 1, framesPerPacket: 6 }))).toEqual([]);
  });

  it.each([
    ['goes to one machine', leg('10.0.0.7'), 'unicast'],
    ['goes where no device listens', leg('239.70.1.2'), 'prefix'],
    ['goes to another port', leg('239.69.1.2', 5006), 'port'],
    ['runs at another rate', { rate: 96_000, framesPerPacket: 96 }, 'rate'],
    ['is 16 bits', { encoding: 'L16' }, 'encoding'],
    ['has nine channels', { channels: 9 }, 'channels'],
    ['has packets of 4 ms', { framesPerPacket: 192, channels: 2 }, 'packet-time'],
    ['follows no PTP', { referenceClock: { kind: 'localmac', mac: '02-00-00-00-00-01' } } as const, 'clock'],
    ['has two paths', { legs: [...leg('239.69.1.2').legs, ...leg('239.69.1.3').legs] }, 'two-paths'],
  ])('that %s is found', (_, change, code) => {
    expect(codes(sdp(change))).toContain(code);
  });

  it('with a source filter is found', () => {
    expect(codes(`${sdp()}a=source-filter: incl IN IP4 239.69.1.2 10.0.0.1\r\n`)).toEqual(['source-filter']);
  });

  it('names the devices that would stay silent', () => {
    const prefixes = new Map([
      ['239.69', ['desk']],
      ['239.70', ['a', 'b', 'c', 'd', 'e']],
    ]);
    const findings = checkSender(sdp(), { prefixes });
    expect(findings).toEqual([
      {
        code: 'prefix',
        message:
          'a, b, c and 2 more take streams from 239.70.0.0 only: a subscription to 239.69.1.2 looks fine there and stays silent.',
        fix: 'Send to a group of 239.70.0.0.',
        prefix: '239.70',
      },
    ]);
  });

  it('whose o= changes, or whose version does not rise, is found', () => {
    const next = { origin: { ...content.origin, sessionVersion: '2' } };
    expect(codes(sdp({ ...next, name: 'B' }), sdp())).toEqual([]);
    expect(codes(sdp({ name: 'B' }), sdp())).toEqual(['version']);
    expect(codes(sdp({ origin: { ...next.origin, address: '10.0.0.2' } }), sdp())).toEqual(['origin']);
    expect(codes(sdp(), sdp())).toEqual([]);
  });

  it('that cannot be read is said so', () => {
    expect(codes('v=0')).toEqual(['unreadable']);
  });
});
