import { checkSdp, readSdp, writeSdp } from '@tutti/model';
import { describe, expect, it } from 'vitest';
import { descriptionWith, fixture, fixtures } from '../texts.ts';

const codes = (text: string): string[] => checkSdp(text).problems.map((problem) => problem.code);

describe('checkSdp', () => {
  it('has nothing to say about a plain AES67 stream', () => {
    expect(codes(descriptionWith())).toEqual([]);
  });

  it('has nothing to say about what we write ourselves', () => {
    const text = writeSdp({
      origin: { sessionId: '171', sessionVersion: '3', address: '10.0.0.5' },
      name: 'Stage left',
      encoding: 'L24',
      rate: 44100,
      channels: 8,
      payloadType: 97,
      framesPerPacket: 48,
      legs: [{ address: '239.69.0.5', port: 5004, ttl: 32 }],
      referenceClock: { kind: 'ptp', grandmaster: '02-00-00-FF-FE-00-00-01', domain: 0 },
    });
    expect(codes(text)).toEqual([]);
  });

  it.each([
    ['a missing TTL', descriptionWith({ c: 'c=IN IP4 239.1.2.3' }), 'no-ttl'],
    ['a group outside 239/8', descriptionWith({ c: 'c=IN IP4 232.1.2.3/32' }), 'group-scope'],
    ['no reference clock', descriptionWith({ refclk: undefined }), 'no-ts-refclk'],
    ['no media clock', descriptionWith({ mediaclk: undefined }), 'no-mediaclk'],
    ['a free running sender', descriptionWith({ mediaclk: 'a=mediaclk:sender' }), 'not-synchronous'],
    ['a media clock offset', descriptionWith({ mediaclk: 'a=mediaclk:direct=1' }), 'media-offset'],
    ['no packet time', descriptionWith({ ptime: undefined }), 'no-ptime'],
    [
      '2 ms packets',
      descriptionWith({ ptime: 'a=ptime:2', rtpmap: 'a=rtpmap:96 L24/48000/2' }),
      'ptime-not-aes67',
    ],
    ['125 us packets', descriptionWith({ ptime: 'a=ptime:0.125' }), 'ptime-not-1ms'],
    ['an odd port', descriptionWith({ m: 'm=audio 5005 RTP/AVP 96' }), 'odd-port'],
    ['no name', descriptionWith({ s: 's= ' }), 'empty-name'],
    ['a session id of 0', descriptionWith({ o: 'o=- 0 0 IN IP4 10.0.0.1' }), 'weak-origin'],
    ['line ends without CR', descriptionWith().replaceAll('\r', ''), 'line-end'],
    ['AM824', descriptionWith({ rtpmap: 'a=rtpmap:96 AM824/48000/2' }), 'encoding-not-aes67'],
    ['192 kHz', descriptionWith({ rtpmap: 'a=rtpmap:96 L24/192000/2' }), 'rate-not-aes67'],
    ['a source filter', descriptionWith({}, ['a=source-filter: incl IN IP4 * 10.0.0.1']), 'source-filter'],
  ])('warns about %s', (_, text, code) => {
    expect(codes(text)).toContain(code);
  });

  it('warns about many channels, and packets above 1440 bytes, with the size', () => {
    const { problems } = checkSdp(descriptionWith({ rtpmap: 'a=rtpmap:96 L24/48000/16' }));
    expect(problems.map((problem) => problem.code)).toEqual(['many-channels', 'large-payload']);
    expect(problems[1]?.message).toContain('2304 bytes');
  });

  it('never changes what readSdp makes of a text, and adds warnings only', () => {
    for (const { text } of fixtures) {
      const plain = readSdp(text);
      const checked = checkSdp(text);
      expect(checked.session).toEqual(plain.session);
      expect(checked.problems).toEqual(expect.arrayContaining([...plain.problems]));
      const errors = (problems: typeof plain.problems): number =>
        problems.filter((problem) => problem.severity === 'error').length;
      expect(errors(checked.problems)).toBe(errors(plain.problems));
    }
  });

  it('lists problems in the order of the text', () => {
    const { problems } = checkSdp(fixture('gateway-two-media'));
    expect(problems.map((problem) => problem.line)).toEqual(
      problems.map((problem) => problem.line).sort((a, b) => a - b),
    );
  });
});
