import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { readSdp } from '@tutti/model';
import { describe, expect, it } from 'vitest';
import { readSapPacket, writeSapPacket, type SapPacket } from '../src/sap-packet.ts';
import { description, udpPayloads } from './packets.ts';

const sdp = description('Stage');
const header = (flags: number, authWords = 0): number[] => [flags, authWords, 0x12, 0x34, 10, 0, 0, 9];
const message = (head: number[], ...parts: (string | Uint8Array)[]): Buffer =>
  Buffer.concat([
    Uint8Array.from(head),
    ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)),
  ]);

describe('readSapPacket reads', () => {
  const expected: SapPacket = { kind: 'announce', hash: 0x1234, origin: '10.0.0.9', payload: sdp };

  it('an announcement with and without a payload type, in any letter case', () => {
    for (const type of ['', 'application/sdp\0', 'Application/SDP\0', 'application/sdp;charset=utf-8\0']) {
      expect(readSapPacket(message(header(0x20), type, sdp))).toEqual({ ok: true, value: expected });
    }
  });

  it('a deletion with the whole description, the o= line only, or nothing', () => {
    for (const payload of [sdp, 'o=- 1 1 IN IP4 10.0.0.9\r\n', '']) {
      const value = { ...expected, kind: 'delete', payload };
      expect(readSapPacket(message(header(0x24), payload))).toEqual({ ok: true, value });
    }
  });

  it('past authentication data', () => {
    const auth = Buffer.alloc(12, 0xff);
    expect(readSapPacket(message(header(0x20, 3), auth, sdp))).toEqual({ ok: true, value: expected });
  });

  it('compressed payloads, with the payload type inside or outside', () => {
    const inside = message(header(0x21), deflateSync(`application/sdp\0${sdp}`));
    const outside = message(header(0x21), 'application/sdp\0', deflateSync(sdp));
    const untyped = message(header(0x21), deflateSync(sdp));
    for (const bytes of [inside, outside, untyped]) {
      expect(readSapPacket(bytes)).toEqual({ ok: true, value: expected });
    }
  });

  it('an IPv6 origin', () => {
    const origin = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2a];
    const bytes = message([0x30, 0, 0, 1, ...origin], 'application/sdp\0', sdp);
    expect(readSapPacket(bytes)).toMatchObject({
      ok: true,
      value: { origin: 'fe80:0:0:0:0:0:0:2a', payload: sdp },
    });
  });

  it('Latin-1 where it is not UTF-8, and without the end of a C string', () => {
    const bytes = message(header(0x20), 'v=0\r\ns=B', Uint8Array.of(0xfc), 'hne\r\n\0\0');
    expect(readSapPacket(bytes)).toMatchObject({ ok: true, value: { payload: 'v=0\r\ns=Bühne\r\n' } });
  });
});

describe('readSapPacket refuses', () => {
  const bomb = deflateSync(Buffer.alloc(10 * 1024 * 1024, 0x61), { level: 9 });
  it.each([
    ['nothing', Buffer.alloc(0), 'short'],
    ['seven bytes', Buffer.alloc(7, 0x20), 'short'],
    ['version 0', message(header(0x00), sdp), 'version'],
    ['version 2', message(header(0x40), sdp), 'version'],
    ['encryption', message(header(0x22), sdp), 'encrypted'],
    ['an IPv6 header that ends early', message(header(0x30)), 'truncated'],
    ['authentication data beyond the end', message(header(0x20, 255), sdp), 'truncated'],
    ['another payload type', message(header(0x20), 'text/plain\0hello'), 'payload-type'],
    ['no payload type and no description', message(header(0x20), 'x'.repeat(500)), 'payload-type'],
    ['damaged compression', message(header(0x21), sdp), 'inflate'],
    ['gzip instead of zlib', message(header(0x21), gzipSync(sdp)), 'inflate'],
    ['10 MiB in 10 KiB', message(header(0x21), bomb), 'inflate'],
    ['10 MiB behind a payload type', message(header(0x21), 'application/sdp\0', bomb), 'inflate'],
  ])('%s', (_, bytes, code) => {
    const result = readSapPacket(bytes);
    expect(result).toMatchObject({ ok: false, error: { code } });
    if (!result.ok) expect(result.error.message).toMatch(/^[A-Z].*\.$/);
  });
});

describe('writeSapPacket', () => {
  it('writes what RFC 2974 shows: version 1, no authentication, IPv4, payload type', () => {
    const written = writeSapPacket({ kind: 'announce', hash: 0xbeef, origin: '10.1.2.3', payload: sdp });
    if (!written.ok) throw new Error(written.error.message);
    expect([...written.value.subarray(0, 8)]).toEqual([0x20, 0, 0xbe, 0xef, 10, 1, 2, 3]);
    expect(Buffer.from(written.value.subarray(8)).toString()).toBe(`application/sdp\0${sdp}`);
  });

  it('writes what readSapPacket reads', () => {
    for (const kind of ['announce', 'delete'] as const) {
      const packet: SapPacket = { kind, hash: 1, origin: '10.1.2.3', payload: `${sdp}s=Bühne\r\n` };
      const written = writeSapPacket(packet);
      if (!written.ok) throw new Error(written.error.message);
      expect(readSapPacket(written.value)).toEqual({ ok: true, value: packet });
    }
  });

  it('refuses an origin that is no address, and a description beyond 64 KiB', () => {
    const packet: SapPacket = { kind: 'announce', hash: 1, origin: '10.1.2.3', payload: sdp };
    expect(writeSapPacket({ ...packet, origin: 'desk' })).toMatchObject({
      ok: false,
      error: { code: 'origin' },
    });
    expect(writeSapPacket({ ...packet, payload: 'x'.repeat(70_000) })).toMatchObject({
      ok: false,
      error: { code: 'too-long' },
    });
  });
});

const corpus = process.env['TUTTI_CORPUS'] ?? resolve(import.meta.dirname, '../../../../shared/corpus');
const capture = join(corpus, 'sap/merging_coreaudio_announce.pcap');
if (existsSync(capture)) {
  it('readSapPacket reads an announcement that was captured, down to the stream', () => {
    const [packet] = udpPayloads(readFileSync(capture));
    const read = readSapPacket(packet?.payload ?? new Uint8Array());
    expect(read).toMatchObject({
      ok: true,
      value: { kind: 'announce', hash: 0x25ae, origin: packet?.source },
    });
    const { session, problems } = readSdp(read.ok ? read.value.payload : '');
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
    expect(session?.streams[0]).toMatchObject({
      encoding: 'L24',
      rate: 48000,
      channels: 2,
      framesPerPacket: 48,
    });
  });
} else {
  console.log(`corpus: ${capture} is not there; no captured announcement was read`);
}
