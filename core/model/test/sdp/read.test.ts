import { readSdp, type SdpProblem } from '@tutti/model';
import { describe, expect, it } from 'vitest';
import { descriptionWith, fixture } from '../texts.ts';
import { codes, read, readStream } from './reading.ts';

const firstError = (text: string): SdpProblem | undefined =>
  readSdp(text).problems.find((problem) => problem.severity === 'error');

describe('readSdp takes what devices really send', () => {
  it('the newer Dante form, with channel names in the session part', () => {
    const session = read(fixture('console-new-form'));
    expect(session.origin).toEqual({
      username: '-',
      sessionId: '20418833001',
      sessionVersion: '20418833044',
      addressType: 'IP4',
      address: '10.20.0.31',
    });
    expect(session.name).toBe('FOH-Rack : 12');
    expect(session.keywords).toBe('Dante');
    expect(session.streams).toEqual([
      {
        encoding: 'L24',
        rate: 48000,
        channels: 4,
        payloadType: 97,
        packetTime: 1,
        framesPerPacket: 48,
        legs: [{ address: '239.69.14.31', port: 5004, ttl: 32, sources: [] }],
        referenceClocks: [
          {
            kind: 'ptp',
            version: 'IEEE1588-2008',
            grandmaster: '02-5A-11-FF-FE-0C-20-01',
            domain: 0,
            traceable: false,
          },
        ],
        mediaClock: { kind: 'direct', offset: 0 },
        channelLabels: ['Vox Main', 'Vox BV', 'Gtr L', 'Gtr R'],
      },
    ]);
    expect(readSdp(fixture('console-new-form')).problems).toEqual([]);
  });

  it('the older Dante form, with channel names under m= and a random offset', () => {
    const stream = readStream(fixture('adapter-old-form'));
    expect(stream.channelLabels).toEqual(['Left', 'Right']);
    expect(stream.mediaClock).toEqual({ kind: 'direct', offset: 3021884417 });
  });

  it('blanks at every line end, remarked once, and an all-zero grandmaster, taken as unknown', () => {
    const text = fixture('trailing-blanks');
    expect(read(text).name).toBe('COMMENTARY-BOX-7 : 2');
    expect(readStream(text).referenceClocks).toEqual([
      { kind: 'ptp', version: 'IEEE1588-2008', domain: 0, traceable: false },
    ]);
    expect(codes(text)).toEqual(['trailing-blanks']);
  });

  it('no TTL, and sync-time instead of mediaclk', () => {
    const text = fixture('broadcast-node');
    const stream = readStream(text);
    expect(stream.legs).toEqual([{ address: '239.192.48.21', port: 5004, sources: [] }]);
    expect(stream.mediaClock).toEqual({ kind: 'direct', offset: 1834007216 });
    expect(read(text).clockDomain).toBe(0);
    expect(stream.packetTime).toBeUndefined();
  });

  it('two legs as one stream, each with its own destination, port and source', () => {
    const { streams } = read(fixture('two-legs'));
    expect(streams).toHaveLength(1);
    expect(streams[0]?.legs).toEqual([
      { address: '239.31.2.9', port: 5004, ttl: 31, sources: ['10.40.2.9'], mid: 'red' },
      { address: '239.32.2.9', port: 5006, ttl: 31, sources: ['10.41.2.9'], mid: 'blue' },
    ]);
    expect(streams[0]).toMatchObject({ channels: 64, packetTime: 0.12, framesPerPacket: 6 });
    expect(streams[0]?.referenceClocks).toHaveLength(1);
  });

  it('several media in one text, blank lines, a rate without denominator, a lower-case clock, no final line end', () => {
    const text = fixture('gateway-two-media');
    const { streams } = read(text);
    expect(
      streams.map((stream) => [stream.legs[0]?.address, stream.channels, stream.framesPerPacket]),
    ).toEqual([
      ['239.50.1.1', 2, 48],
      ['239.50.1.2', 16, 6],
    ]);
    expect(streams[1]?.referenceClocks[0]).toMatchObject({
      grandmaster: '02-11-AA-FF-FE-0B-0C-0D',
      domain: 127,
    });
    expect(streams[0]?.mediaClock).toEqual({ kind: 'direct', offset: 0 });
    expect(readSdp(text).problems).toEqual([]);
  });

  it('a source filter without a blank after the colon, and a clock without a domain', () => {
    const stream = readStream(fixture('converter-tight-filter'));
    expect(stream.legs[0]?.sources).toEqual(['10.60.1.28']);
    expect(stream.referenceClocks[0]).not.toHaveProperty('domain');
  });

  it('a MAC address where a clock identity belongs, the domain as RFC 7273 spells it, a lower-case encoding', () => {
    const stream = readStream(fixture('intercom-mac-clock'));
    expect(stream.referenceClocks[0]).toMatchObject({ grandmaster: '02-1B-77-FF-FE-AC-B5-4F', domain: 0 });
    expect(stream.encoding).toBe('L24');
    expect(stream.channelLabels).toEqual([]);
  });

  it('an empty channel count, a range of frame counts, an exact ptime at 44.1 kHz, a clock without version', () => {
    const text = fixture('computer-44k1');
    const stream = readStream(text);
    expect(stream).toMatchObject({ encoding: 'L16', rate: 44100, channels: 1, framesPerPacket: 48 });
    expect(stream.referenceClocks).toEqual([{ kind: 'ptp', version: 'IEEE1588-2008', traceable: true }]);
    expect(codes(text)).toEqual(['empty-channels', 'ptp-without-version']);
  });

  it('a missing first line end, mixed line ends and a misspelt mediaclk', () => {
    const text = fixture('tiny-tool-mixed-ends');
    expect(read(text).origin.sessionId).toBe('77');
    expect(readStream(text).mediaClock).toEqual({ kind: 'direct', offset: 17 });
    expect(readSdp(text).problems).toMatchObject([{ code: 'missing-line-end', line: 1, column: 4 }]);
  });

  it('video beside audio: the video is left out, which is said where it stands', () => {
    const text = fixture('video-and-audio');
    expect(read(text).streams).toHaveLength(1);
    expect(readSdp(text).problems).toMatchObject([
      { severity: 'info', code: 'not-audio', line: 5, column: 3 },
    ]);
    expect(readStream(text).mediaClock).toEqual({ kind: 'sender' });
    expect(readStream(text).referenceClocks).toEqual([{ kind: 'localmac', mac: '02-10-03-03-00-01' }]);
  });

  it('raw DSD is recognised, with a warning that no codec plays it', () => {
    expect(readStream(fixture('dsd-player')).encoding).toBe('DSD64_32');
    expect(readSdp(fixture('dsd-player')).problems).toMatchObject([
      { severity: 'warning', code: 'dsd-encoding' },
    ]);
  });

  it('several clocks and payload types: every clock is kept, the first type that has an rtpmap counts', () => {
    const stream = readStream(fixture('high-rate'));
    expect(stream).toMatchObject({ payloadType: 102, rate: 384000, framesPerPacket: 48 });
    expect(stream.referenceClocks.map((clock) => clock.kind)).toEqual(['ptp', 'gps']);
    expect(stream.mediaClock).toEqual({ kind: 'direct', offset: 42 });
  });

  it('lines in an unusual order, remarked once', () => {
    const text = descriptionWith({ s: undefined, c: 'c=IN IP4 239.1.2.3/32\r\ns=Late name' });
    expect(read(text).name).toBe('Late name');
    expect(codes(text)).toEqual(['line-order']);
  });

  it('the connection of the medium wins over that of the session', () => {
    const text = descriptionWith({ m: 'm=audio 5004 RTP/AVP 96\r\nc=IN IP4 239.9.9.9/15' });
    expect(readStream(text).legs[0]).toMatchObject({ address: '239.9.9.9', ttl: 15 });
  });

  it('unicast destinations', () => {
    expect(readStream(descriptionWith({ c: 'c=IN IP4 10.0.0.9' })).legs[0]?.address).toBe('10.0.0.9');
  });

  it('names without control characters', () => {
    expect(read(descriptionWith({ s: 's=Nasty\u001b[2J\u0007 name\u0085' })).name).toBe('Nasty [2J  name');
  });

  it('static payload types without an rtpmap', () => {
    const text = descriptionWith({ m: 'm=audio 5004 RTP/AVP 10', rtpmap: undefined });
    expect(readStream(text)).toMatchObject({ encoding: 'L16', rate: 44100, channels: 2, payloadType: 10 });
  });
});

describe('readSdp joins legs only when they carry the same packets', () => {
  const twoLegs = fixture('two-legs');

  it.each([
    ['channel count', twoLegs.replace(/L24\/48000\/64(?![\s\S]*L24)/, 'L24/48000/32')],
    ['encoding', twoLegs.replace(/L24\/48000\/64(?![\s\S]*L24)/, 'L16/48000/64')],
    ['media clock offset', twoLegs.replace('a=mid:blue', 'a=mediaclk:direct=7\na=mid:blue')],
  ])('not with another %s', (difference, text) => {
    expect(read(text).streams).toHaveLength(2);
    const problem = readSdp(text).problems.find((candidate) => candidate.code === 'dup-mismatch');
    expect(problem?.message).toContain(difference);
  });

  it('and goes on with one leg when the other is missing', () => {
    const text = twoLegs.replace('a=mid:blue', 'a=mid:green');
    expect(codes(text)).toEqual(['dup-incomplete']);
  });

  it('and goes on with one leg when the other cannot be read, saying why', () => {
    const text = twoLegs.replace('c=IN IP4 239.32.2.9/31', 'c=IN IP4 127.0.0.1');
    expect(read(text).streams.map((stream) => stream.legs.length)).toEqual([1]);
    expect(readSdp(text).problems).toMatchObject([
      { code: 'dup-incomplete', severity: 'warning' },
      { code: 'bad-destination', severity: 'warning', line: 18 },
    ]);
  });
});

describe('readSdp refuses with a reason and its place', () => {
  it.each([
    ['nothing', '', 'not-sdp', 1, 1],
    ['a web page', '<html>\n<body>', 'not-sdp', 1, 1],
    ['another version', descriptionWith({ v: 'v=1' }), 'unsupported-version', 1, 3],
    ['no origin', descriptionWith({ o: undefined }), 'missing-origin', 1, 1],
    ['a short origin', descriptionWith({ o: 'o=- 1 IN IP4 10.0.0.1' }), 'bad-origin', 2, 3],
    ['no destination', descriptionWith({ c: undefined }), 'missing-connection', 5, 3],
    ['loopback', fixture('loopback'), 'bad-destination', 4, 10],
    ['all zeros', descriptionWith({ c: 'c=IN IP4 0.0.0.0' }), 'bad-destination', 4, 10],
    ['broadcast', descriptionWith({ c: 'c=IN IP4 255.255.255.255' }), 'bad-destination', 4, 10],
    ['a group of the link', descriptionWith({ c: 'c=IN IP4 224.0.0.251/255' }), 'bad-destination', 4, 10],
    ['a host name', descriptionWith({ c: 'c=IN IP4 desk.example.org/32' }), 'bad-destination', 4, 10],
    ['IPv6', descriptionWith({ c: 'c=IN IP6 ff15::101' }), 'not-ipv4', 4, 3],
    ['an unfilled template', fixture('template'), 'unfilled-template', 5, 9],
    ['encryption', fixture('encrypted'), 'encrypted', 6, 14],
    ['port 0', descriptionWith({ m: 'm=audio 0 RTP/AVP 96' }), 'bad-port', 6, 9],
    ['port 65536', descriptionWith({ m: 'm=audio 65536 RTP/AVP 96' }), 'bad-port', 6, 9],
    ['no format', descriptionWith({ rtpmap: undefined }), 'missing-rtpmap', 6, 22],
    ['payload type 128', descriptionWith({ m: 'm=audio 5004 RTP/AVP 128' }), 'bad-payload-type', 6, 22],
    ['0 channels', descriptionWith({ rtpmap: 'a=rtpmap:96 L24/48000/0' }), 'bad-channels', 7, 10],
    ['129 channels', descriptionWith({ rtpmap: 'a=rtpmap:96 L24/48000/129' }), 'bad-channels', 7, 10],
    ['7999 Hz', descriptionWith({ rtpmap: 'a=rtpmap:96 L24/7999/2' }), 'bad-rate', 7, 10],
    ['1536001 Hz', descriptionWith({ rtpmap: 'a=rtpmap:96 L24/1536001/2' }), 'bad-rate', 7, 10],
    ['video only', descriptionWith({ m: 'm=video 5004 RTP/AVP 96' }), 'no-audio', 6, 3],
    ['no media', descriptionWith({ m: undefined }), 'no-audio', 1, 1],
  ])('%s', (_, text, code, line, column) => {
    expect(readSdp(text).session).toBeUndefined();
    const error = firstError(text);
    expect(error).toMatchObject({ code, line, column });
    // A sentence, not a code.
    expect(error?.message).toMatch(/^["A-Z0-9a-z].{20,}[.]$/);
  });

  it('but only the stream concerned when others are fine', () => {
    const text = fixture('gateway-two-media').replace('20002', '0');
    expect(read(text).streams).toHaveLength(1);
    expect(readSdp(text).problems).toMatchObject([{ code: 'bad-port', severity: 'warning' }]);
  });
});

describe('readSdp takes what is sent on request (RTSP by unicast)', () => {
  const control = ['a=control:stream=0'];
  const open = { m: 'm=audio 0 RTP/AVP 96', c: 'c=IN IP4 0.0.0.0' };

  it.each([
    ['no address and no port', open],
    ['no port', { m: open.m }],
    ['no address', { c: open.c }],
    ['no c= line', { c: undefined }],
  ])('with %s: without a leg, and with the place to ask at', (_, change) => {
    expect(readStream(descriptionWith(change, control))).toMatchObject({ legs: [], control: 'stream=0' });
    expect(codes(descriptionWith(change, control))).toEqual([]);
  });

  it('with a place that packets go to all the same', () => {
    expect(readStream(descriptionWith({ c: 'c=IN IP4 10.0.0.7' }, control))).toMatchObject({
      legs: [{ address: '10.0.0.7', port: 5004 }],
      control: 'stream=0',
    });
  });

  it('but no other odd port or address', () => {
    expect(firstError(descriptionWith({ ...open, m: 'm=audio x RTP/AVP 96' }, control))?.code).toBe(
      'bad-port',
    );
    expect(firstError(descriptionWith({ c: 'c=IN IP4 127.0.0.1' }, control))?.code).toBe('bad-destination');
    expect(firstError(descriptionWith(open, ['a=control: ']))?.code).toBe('bad-port');
  });
});

describe('readSdp stays within its limits', () => {
  it('16 KiB of text', () => {
    expect(firstError(`${descriptionWith()}${'a=x\n'.repeat(4096)}`)?.code).toBe('too-long');
  });

  it('512 lines', () => {
    expect(firstError(`${descriptionWith()}${'a=x\n'.repeat(510)}`)?.code).toBe('too-many-lines');
  });

  it('1 KiB a line: a longer one is left out', () => {
    const text = descriptionWith({}, [`a=fmtp:96 ${'x'.repeat(1024)}`]);
    expect(read(text).streams).toHaveLength(1);
    expect(codes(text)).toEqual(['line-too-long']);
  });

  it('16 media: more are left out', () => {
    const medium = 'm=audio 5004 RTP/AVP 96\nc=IN IP4 239.1.1.1/3\na=rtpmap:96 L16/48000/2\n';
    const text = `v=0\no=- 1 1 IN IP4 10.0.0.1\ns=many\nt=0 0\n${medium.repeat(20)}`;
    expect(read(text).streams).toHaveLength(16);
    expect(codes(text)).toEqual(['too-many-media']);
  });

  it('64 problems of a kind', () => {
    expect(readSdp(`${descriptionWith()}${'nonsense\n'.repeat(400)}`).problems).toHaveLength(64);
  });
});
