import { formatPacketTime, framesPerPacket, readSdp, writeSdp, type SdpContent } from '@tutti/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const content: SdpContent = {
  origin: { sessionId: '171', sessionVersion: '3', address: '10.0.0.5' },
  name: 'Stage left',
  encoding: 'L24',
  rate: 48000,
  channels: 2,
  payloadType: 97,
  framesPerPacket: 48,
  legs: [{ address: '239.69.0.5', port: 5004, ttl: 32, source: '10.0.0.5' }],
  referenceClock: { kind: 'ptp', grandmaster: '02-00-00-ff-fe-00-00-01', domain: 0 },
  channelLabels: ['Left', 'Right'],
};

describe('writeSdp', () => {
  it('writes the form that most devices take', () => {
    expect(writeSdp(content).split('\r\n')).toEqual([
      'v=0',
      'o=- 171 3 IN IP4 10.0.0.5',
      's=Stage left',
      'c=IN IP4 239.69.0.5/32',
      't=0 0',
      'a=clock-domain:PTPv2 0',
      'm=audio 5004 RTP/AVP 97',
      'i=2 channels: Left, Right',
      'a=recvonly',
      'a=rtpmap:97 L24/48000/2',
      'a=ptime:1',
      'a=framecount:48',
      'a=ts-refclk:ptp=IEEE1588-2008:02-00-00-FF-FE-00-00-01:0',
      'a=mediaclk:direct=0',
      'a=sync-time:0',
      '',
    ]);
  });

  it('names the machine instead of a grandmaster on the system clock', () => {
    const text = writeSdp({ ...content, referenceClock: { kind: 'localmac', mac: '0a-00-00-00-00-01' } });
    expect(text).toContain('a=ts-refclk:localmac=0A-00-00-00-00-01\r\n');
    expect(text).not.toContain('clock-domain');
  });

  it('names a PTPv1 leader by its own version, without a domain', () => {
    const grandmaster = '02-00-00-FF-FE-00-00-01';
    const clock = {
      kind: 'ptp',
      version: 'IEEE1588-2002',
      grandmaster,
      domain: 0,
      traceable: false,
    } as const;
    const text = writeSdp({ ...content, referenceClock: clock });
    expect(text).toContain(`a=ts-refclk:ptp=IEEE1588-2002:${grandmaster}\r\n`);
    expect(text).not.toContain('clock-domain');
  });

  it('writes a source filter only when asked to', () => {
    expect(writeSdp(content)).not.toContain('source-filter');
    const text = writeSdp({ ...content, sourceFilter: true });
    expect(text).toContain('a=source-filter: incl IN IP4 239.69.0.5 10.0.0.5\r\n');
  });

  it('keeps whatever a name or a label contains inside its line', () => {
    const nasty = 'x\r\na=evil:1';
    const text = writeSdp({ ...content, name: nasty, channelLabels: [nasty, 'a,b'] });
    expect(text.split('\r\n').filter((line) => line.startsWith('a=evil'))).toEqual([]);
    expect(text).toContain('i=2 channels: x a=evil:1, a b\r\n');
  });

  it('keeps the labels of many channels within one line that readers take', () => {
    const channelLabels = Array.from({ length: 64 }, (_, i) => `A rather long channel name ${i}`);
    const { session, problems } = readSdp(
      writeSdp({ ...content, channels: 64, framesPerPacket: 6, channelLabels }),
    );
    expect(problems).toEqual([]);
    expect(session?.streams[0]?.channelLabels.length).toBeGreaterThan(10);
  });
});

describe('formatPacketTime', () => {
  it.each([
    [6, 48000, '0.125'],
    [12, 96000, '0.125'],
    [16, 48000, '0.33'],
    [48, 48000, '1'],
    [192, 48000, '4'],
    [48, 44100, '1.09'],
    [192, 44100, '4.35'],
    [6, 44100, '0.14'],
    [48, 352800, '0.136'],
  ])('%d frames at %d Hz are %s ms', (frames, rate, text) => {
    expect(formatPacketTime(frames, rate)).toBe(text);
  });

  it('always reads back as the same number of frames', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1440 }),
        fc.integer({ min: 8000, max: 1_536_000 }),
        (frames, rate) => {
          expect(framesPerPacket(Number(formatPacketTime(frames, rate)), rate)).toBe(frames);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const octet = fc.integer({ min: 1, max: 254 });
const address = fc.tuple(octet, octet, octet).map((rest) => `10.${rest.join('.')}`);
const group = fc.tuple(octet, octet, octet).map((rest) => `239.${rest.join('.')}`);
const hexPairs = (count: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { minLength: count, maxLength: count })
    .map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('-'));
const label = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ./-]{0,10}[A-Za-z0-9]$/);
const contents: fc.Arbitrary<SdpContent> = fc
  .record({
    origin: fc.record({
      sessionId: fc.bigInt({ min: 0n, max: 1n << 64n }).map(String),
      sessionVersion: fc.nat().map(String),
      address,
    }),
    name: fc.oneof(label, fc.constant('Bühne links')),
    encoding: fc.constantFrom('L16', 'L24', 'AM824'),
    rate: fc.constantFrom(44100, 48000, 88200, 96000, 176400, 192000, 352800, 384000),
    channels: fc.integer({ min: 1, max: 40 }),
    payloadType: fc.integer({ min: 96, max: 127 }),
    framesPerPacket: fc.integer({ min: 1, max: 480 }),
    legs: fc.uniqueArray(
      fc.record({
        address: group,
        port: fc.integer({ min: 1, max: 65535 }),
        ttl: fc.integer({ min: 0, max: 255 }),
        source: address,
      }),
      { minLength: 1, maxLength: 2, selector: (leg) => leg.address },
    ),
    referenceClock: fc.oneof(
      fc.record({
        kind: fc.constant('ptp' as const),
        grandmaster: hexPairs(8),
        domain: fc.integer({ min: 0, max: 127 }),
      }),
      fc.record({ kind: fc.constant('localmac' as const), mac: hexPairs(6) }),
    ),
    mediaOffset: fc.integer({ min: 0, max: 0xffff_ffff }),
    sourceFilter: fc.boolean(),
    labels: fc.array(label, { minLength: 40, maxLength: 40 }),
  })
  .map(({ labels, ...rest }) => ({ ...rest, channelLabels: labels.slice(0, rest.channels) }));

it('what writeSdp writes, readSdp reads: the same session, without any problem', () => {
  fc.assert(
    fc.property(contents, (written) => {
      const { session, problems } = readSdp(writeSdp(written));
      expect(problems).toEqual([]);
      expect(session?.origin).toEqual({ ...written.origin, username: '-', addressType: 'IP4' });
      expect(session?.name).toBe(written.name);
      expect(session?.streams).toHaveLength(1);
      const mids = written.legs.length > 1 ? [{ mid: 'primary' }, { mid: 'secondary' }] : [{}];
      const clock = written.referenceClock;
      expect(session?.streams[0]).toMatchObject({
        encoding: written.encoding,
        rate: written.rate,
        channels: written.channels,
        payloadType: written.payloadType,
        framesPerPacket: written.framesPerPacket,
        mediaClock: { kind: 'direct', offset: written.mediaOffset },
        channelLabels: written.channelLabels,
        referenceClocks: [
          clock.kind === 'ptp' ? { ...clock, version: 'IEEE1588-2008', traceable: false } : clock,
        ],
        legs: written.legs.map(({ source, ...leg }, i) => ({
          ...leg,
          ...mids[i],
          sources: written.sourceFilter && source ? [source] : [],
        })),
      });
    }),
    { numRuns: 1000 },
  );
});
