import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RtspParser, rtspLimits, writeRtsp } from '../src/rtsp-message.ts';
import { pathOf, readRtspUrl } from '../src/rtsp-url.ts';

const parse = (...chunks: (string | Buffer)[]) => {
  const parser = new RtspParser();
  return chunks.flatMap((chunk) => [...parser.push(Buffer.from(chunk as string))]);
};
const describeRequest = writeRtsp({
  start: 'DESCRIBE rtsp://h:8554/by-name/Main%20mix RTSP/1.0',
  headers: { CSeq: '1', Accept: 'application/sdp' },
});

describe('a stream of RTSP', () => {
  it('is read as it was written, in whatever chunks it comes', () => {
    const reply = writeRtsp({ start: 'RTSP/1.0 200 OK', headers: { cseq: '1' }, body: 'v=0\r\ns=Bühne\r\n' });
    const all = Buffer.concat([describeRequest, reply]);
    const whole = parse(all);
    expect(parse(...[...all].map((byte) => Buffer.from([byte])))).toEqual(whole);
    expect(whole).toMatchObject([
      { kind: 'request', method: 'DESCRIBE', uri: 'rtsp://h:8554/by-name/Main%20mix' },
      { kind: 'response', status: 200, reason: 'OK', body: 'v=0\r\ns=Bühne\r\n' },
    ]);
    expect(whole[0]?.headers.get('accept')).toBe('application/sdp');
  });

  it('is taken with bare line feeds, folded headers, empty lines before and interleaved data between', () => {
    const odd = 'RTSP/1.0 404\nX-Long: a\n  b\n\n';
    const interleaved = Buffer.from([0x24, 0, 0, 3, 1, 2, 3]);
    const messages = parse(
      '\r\n\r\n',
      odd,
      interleaved.subarray(0, 5),
      interleaved.subarray(5),
      describeRequest,
    );
    expect(messages).toMatchObject([{ status: 404, reason: '' }, { method: 'DESCRIBE' }]);
    expect(messages[0]?.headers.get('x-long')).toBe('a b');
  });

  it.each([
    ['a head without end', 'A'.repeat(rtspLimits.head + 10), 'head'],
    ['too many headers', `OPTIONS * RTSP/1.0\r\n${'a: b\r\n'.repeat(200)}\r\n`, 'headers'],
    ['a body that is too long', 'RTSP/1.0 200 OK\r\nContent-Length: 65537\r\n\r\n', 'body'],
    ['a length below zero', 'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n', 'no number'],
    ['another protocol', 'GET / HTTP/1.1\r\n\r\n', 'first line'],
    ['a header that is none', 'OPTIONS * RTSP/1.0\r\nno colon\r\n\r\n', 'header'],
  ])('with %s ends the connection', (_, text, why) => {
    expect(() => parse(text)).toThrow(why);
  });

  const corpus = resolve(
    import.meta.dirname,
    '../../../../shared/corpus/rtsp/merging_anubis_describe_response.txt',
  );
  if (!existsSync(corpus)) console.log(`skipped: no capture at ${corpus}`);
  it.skipIf(!existsSync(corpus))('of a Merging Anubis is read: lower case names, no CSeq, a charset', () => {
    const [reply] = parse(readFileSync(corpus, 'utf8').replace(/\r?\n/g, '\r\n'));
    expect(reply).toMatchObject({ kind: 'response', status: 200 });
    expect(reply?.body).toContain('s=Anubis Combo LR');
  });
});

describe('a URL', () => {
  it('has port 554 unless it says another, and no user', () => {
    expect(readRtspUrl('rtsp://10.0.0.1/by-id/13')).toEqual({
      host: '10.0.0.1',
      port: 554,
      text: 'rtsp://10.0.0.1/by-id/13',
    });
    expect(readRtspUrl('RTSP://me:secret@box:8554/x')).toEqual({
      host: 'box',
      port: 8554,
      text: 'rtsp://box:8554/x',
      credentials: { user: 'me', password: 'secret' },
    });
    for (const text of ['http://a/', 'rtsp://', 'rtsp://a:99999/', `rtsp://a/${'x'.repeat(2000)}`])
      expect(readRtspUrl(text), text).toBeUndefined();
  });

  it('in a request gives its path, decoded, or nothing', () => {
    expect(pathOf('rtsp://h:1/by-name/Main%20mix')).toBe('/by-name/Main mix');
    expect(pathOf('/by-id/2')).toBe('/by-id/2');
    expect(pathOf('rtsp://h/%zz')).toBeUndefined();
    expect(pathOf('*')).toBeUndefined();
  });
});
