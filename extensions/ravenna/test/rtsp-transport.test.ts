import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readSession,
  refuseTransport,
  resolveControl,
  sessionControl,
  writeTransport,
} from '../src/rtsp-transport.ts';

/** Texts as headers and lines hold them, with what could break out of one. */
const text = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc
    .array(
      fc.constantFrom('rtsp://', 'a', '/', ';', '=', ',', ' ', '\r', '\n', 'timeout', '9', '*', '-', 'ä'),
      {
        maxLength: 40,
      },
    )
    .map((parts) => parts.join('')),
);
const hasBreak = (value: string): boolean => /[\s\u0000-\u001f]/.test(value);

describe('what servers answer to SETUP', () => {
  it.each([
    ['12345678', { id: '12345678', timeout: 60 }],
    ['12345678;timeout=30', { id: '12345678', timeout: 30 }],
    [' abc-._+$ ; timeout = 5 ', { id: 'abc-._+$', timeout: 5 }],
    ['x;timeout=0', { id: 'x', timeout: 60 }],
    ['', undefined],
    [';timeout=3', undefined],
  ])('a session %j is %j', (header, session) => {
    expect(readSession(header)).toEqual(session);
  });

  it('takes a transport that is ours, in any case and order, and says what is wrong with others', () => {
    expect(refuseTransport(writeTransport(5004), 5004)).toBeUndefined();
    expect(
      refuseTransport('rtp/avp/udp;Unicast;server_port=1-2;Client_Port=5004-5005;ssrc=AB', 5004),
    ).toBeUndefined();
    expect(refuseTransport('RTP/AVP;unicast', 5004)).toBeUndefined();
    expect(refuseTransport('RTP/AVP;multicast;port=5004', 5004)).toContain('multicast');
    expect(refuseTransport('RTP/AVP;unicast;client_port=5006-5007', 5004)).toContain('5006');
    expect(refuseTransport('', 5004)).toBeDefined();
  });

  it('nothing that a server says ends a header or a line of ours', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const session = readSession(one);
        expect(session === undefined || !hasBreak(session.id)).toBe(true);
        expect(session === undefined || session.timeout > 0).toBe(true);
        refuseTransport(one, 5004);
        try {
          expect(hasBreak(resolveControl(one, other))).toBe(false);
        } catch (error) {
          expect(String(error)).toContain('names no URL');
        }
        expect(/[\r\n]/.test(sessionControl(`v=0\r\na=control:${one}\r\nm=audio`))).toBe(false);
      }),
    );
  });
});

describe('places to ask at', () => {
  it.each([
    ['stream=0', 'rtsp://h/test', 'rtsp://h/test/stream=0'],
    ['stream=0', 'rtsp://h/test/', 'rtsp://h/test/stream=0'],
    ['/trackID=1', 'rtsp://h:8554/x', 'rtsp://h:8554/x/trackID=1'],
    ['*', 'rtsp://h/x', 'rtsp://h/x'],
    ['rtsp://h/other/1', 'rtsp://h/x', 'rtsp://h/other/1'],
  ])('%s in %s is %s', (control, base, url) => {
    expect(resolveControl(control, base)).toBe(url);
  });

  it('the session’s own is the one above the first medium', () => {
    expect(sessionControl('v=0\r\na=control:rtsp://h/all\r\nm=audio 0 RTP/AVP 96\r\na=control:one\r\n')).toBe(
      'rtsp://h/all',
    );
    expect(sessionControl('v=0\r\nm=audio 0 RTP/AVP 96\r\na=control:one\r\n')).toBe('*');
  });
});
