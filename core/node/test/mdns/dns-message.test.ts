import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { message, recordCodes, type DnsData, type DnsRecord } from '../../src/mdns/dns-message.ts';
import { foldName, labelsOf, nameOf, nextHostLabel, nextInstanceName } from '../../src/mdns/dns-name.ts';
import { readDnsMessage } from '../../src/mdns/read-dns-message.ts';
import { writeDnsMessage } from '../../src/mdns/write-dns-message.ts';
import { datagramsOf } from './capture.ts';

const record = (name: string, data: DnsData, ttl = 120, flush = true): DnsRecord => ({
  ...{ name, ttl, flush, data },
});

describe('names', () => {
  it('keep dots, blanks, backslashes and bytes beyond ASCII inside their labels', () => {
    for (const labels of [
      ['Studio 1.5', '_rtsp', '_tcp', 'local'],
      ['a\\b', 'x'],
      ['Bühne ♪', 'local'],
      ['a\u0007b', 'c'],
    ])
      expect(labelsOf(nameOf(labels))).toEqual({ ok: true, value: labels });
    expect(nameOf(['Studio 1.5', 'local'])).toBe('Studio 1\\.5.local');
  });

  it('are equal whatever the case of their ASCII letters', () => {
    expect(foldName('Main Mix._RTSP._tcp.local')).toBe(foldName('main mix._rtsp._TCP.local'));
    expect(foldName('Ä.local')).not.toBe(foldName('ä.local'));
  });

  it('that could not be sent are refused', () => {
    for (const name of ['', 'a..b', `${'x'.repeat(64)}.local`, `${'a.'.repeat(200)}local`, 'a\\999'])
      expect(labelsOf(name).ok, name).toBe(false);
  });

  it('count on when somebody has them, within the length of a label', () => {
    expect(nextInstanceName('Main')).toBe('Main (2)');
    expect(nextInstanceName('Main (9)')).toBe('Main (10)');
    expect(Buffer.byteLength(nextInstanceName('ü'.repeat(31)))).toBeLessThanOrEqual(63);
    expect(nextHostLabel('studio')).toBe('studio-2');
    expect(nextHostLabel('studio-2')).toBe('studio-3');
  });
});

describe('a message', () => {
  const everything = message({
    isResponse: true,
    answers: [
      record('_rtsp._tcp.local', { type: 'PTR', target: 'Main\\. mix._rtsp._tcp.local' }, 4500, false),
      record('Main\\. mix._rtsp._tcp.local', {
        type: 'SRV',
        priority: 1,
        weight: 2,
        port: 9010,
        target: 'a.local',
      }),
      record('Main\\. mix._rtsp._tcp.local', { type: 'TXT', strings: [Uint8Array.from([97, 61, 0, 255])] }),
    ],
    additionals: [
      record('a.local', { type: 'A', address: '10.0.0.1' }),
      record('a.local', { type: 'AAAA', address: 'fe80:0:0:0:0:0:0:1' }),
      record('a.local', { type: 'other', code: 47, bytes: Uint8Array.from([1, 2, 3]) }),
    ],
  });

  it('is read as it was written', () => {
    expect(readDnsMessage(writeDnsMessage(everything))).toEqual({ ok: true, value: everything });
    const query = message({
      questions: [{ name: '_rtsp._tcp.local', code: recordCodes.PTR, unicast: true }],
      truncated: true,
    });
    expect(readDnsMessage(writeDnsMessage(query))).toEqual({ ok: true, value: query });
  });

  it('says each name once: later ones point back', () => {
    const bytes = writeDnsMessage(everything);
    expect(bytes.toString('latin1').split('Main. mix')).toHaveLength(2);
  });

  const header = (...counts: number[]): number[] => [0, 0, 0x84, 0, ...counts.flatMap((each) => [0, each])];
  it.each([
    ['a pointer at itself', [...header(1, 0, 0, 0), 0xc0, 12, 0, 12, 0, 1], 'points forwards'],
    ['a pointer forwards', [...header(1, 0, 0, 0), 0xc0, 40, 0, 12, 0, 1], 'points forwards'],
    ['two pointers in a circle', [...header(1, 0, 0, 0), 1, 97, 0xc0, 12, 0, 12, 0, 1], 'points forwards'],
    ['more records than bytes', header(0, 255, 0, 0), 'too early'],
    ['a label of a kind that is none', [...header(1, 0, 0, 0), 0x80, 0, 0, 12, 0, 1], 'unknown kind'],
    ['a record longer than the rest', [...header(0, 1, 0, 0), 0, 0, 16, 0, 1, 0, 0, 0, 9, 0, 9, 1], 'longer'],
    [
      'an address of three bytes',
      [...header(0, 1, 0, 0), 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 3, 1, 2, 3],
      'wrong length',
    ],
    [
      'a string longer than its record',
      [...header(0, 1, 0, 0), 0, 0, 16, 0, 1, 0, 0, 0, 9, 0, 2, 9, 65],
      'longer',
    ],
  ])('with %s is refused', (_, bytes, why) => {
    const read = readDnsMessage(Uint8Array.from(bytes));
    expect(read).toEqual({ ok: false, error: expect.stringContaining(why) as string });
  });

  it('of more than 9000 bytes is refused, and one of a class other than IN loses that record only', () => {
    expect(readDnsMessage(new Uint8Array(9001)).ok).toBe(false);
    const chaos = Uint8Array.from([...header(0, 1, 0, 0), 0, 0, 16, 0, 3, 0, 0, 0, 9, 0, 1, 0]);
    expect(readDnsMessage(chaos)).toMatchObject({ ok: true, value: { answers: [] } });
  });
});

/** Real captures, where they are: test input that is never copied into the project. */
describe('the messages of real captures', () => {
  const corpus = resolve(import.meta.dirname, '../../../../../shared/corpus/mdns');
  const isThere = existsSync(corpus);
  if (!isThere) console.log(`skipped: no captures at ${corpus}`);

  it.skipIf(!isThere)('of printers and players are read and survive being written again', () => {
    const messages = datagramsOf(readFileSync(resolve(corpus, 'zeek_mdns.pcap')), 5353).map(readDnsMessage);
    expect(messages.length).toBeGreaterThan(5);
    for (const read of messages) {
      if (!read.ok) throw new Error(read.error);
      expect(readDnsMessage(writeDnsMessage(read.value))).toEqual({ ok: true, value: { ...read.value } });
    }
  });

  it
    .skipIf(!isThere)
    .each(['tcpdump_dns-zlip-1', 'tcpdump_dns-zlip-2', 'tcpdump_dns_fwdptr', 'zeek_conn-count-too-large'])(
    'that attack readers are survived: %s',
    (name) => {
      const datagrams = datagramsOf(readFileSync(resolve(corpus, `${name}.pcap`)));
      expect(datagrams.length).toBeGreaterThan(0);
      for (const bytes of datagrams) readDnsMessage(bytes);
    },
  );
});
