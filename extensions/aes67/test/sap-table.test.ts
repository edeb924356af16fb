import { describe, expect, it } from 'vitest';
import { RateLimit } from '../src/rate-limit.ts';
import type { SapPacket } from '../src/sap-packet.ts';
import { sapTableLimits, SapTable } from '../src/sap-table.ts';
import { description } from './packets.ts';

const announce = (payload: string, hash = 1): SapPacket => ({
  kind: 'announce',
  hash,
  origin: '10.0.0.1',
  payload,
});
const remove = (payload: string, hash = 1): SapPacket => ({ ...announce(payload, hash), kind: 'delete' });
const desk = '10.0.0.1';
const minute = 60_000;

describe('the table of announced sessions', () => {
  it('keeps one key over all versions of a session', () => {
    const table = new SapTable();
    const first = table.receive(announce(description('A', { version: '1' }), 1), desk, 0);
    const second = table.receive(announce(description('B', { version: '2' }), 2), desk, 1000);
    expect(first).toMatchObject({ kind: 'announced', isNew: true });
    expect(second).toMatchObject({ kind: 'announced', isNew: false });
    if (first.kind !== 'announced' || second.kind !== 'announced') return;
    expect(second.key).toBe(first.key);
    expect(table.session(first.key)).toMatchObject({ source: desk, sdp: description('B', { version: '2' }) });
    expect(table.size).toBe(1);
  });

  it('tells sessions apart that are announced with the same hash, and announcers with the same o=', () => {
    const table = new SapTable();
    table.receive(announce(description('A', { id: '1' }), 7), desk, 0);
    table.receive(announce(description('B', { id: '2' }), 7), desk, 0);
    table.receive(announce(description('A', { id: '1' }), 7), '10.0.0.2', 0);
    expect(table.size).toBe(3);
  });

  it('deletes by o=, or by a hash that only one session of the source has', () => {
    const table = new SapTable();
    table.receive(announce(description('A', { id: '1' }), 7), desk, 0);
    table.receive(announce(description('B', { id: '2' }), 7), desk, 0);
    table.receive(announce(description('C', { id: '3' }), 8), desk, 0);
    expect(table.receive(remove('', 7), desk, 0)).toEqual({ kind: 'ignored', reason: 'unknown' });
    expect(table.receive(remove('', 8), desk, 0)).toMatchObject({ kind: 'withdrawn' });
    expect(table.receive(remove('o=- 1 99 IN IP4 127.0.0.1\r\n', 0), desk, 0)).toMatchObject({
      kind: 'withdrawn',
    });
    expect(table.size).toBe(1);
  });

  it('ignores deletions that come from elsewhere than the announcer', () => {
    const table = new SapTable();
    table.receive(announce(description('A')), desk, 0);
    expect(table.receive(remove(description('A')), '10.0.0.66', 0).kind).toBe('ignored');
    expect(table.size).toBe(1);
  });

  it('forgets after ten periods, but not before two minutes', () => {
    for (const [period, life] of [
      [5_000, 2 * minute],
      [30_000, 5 * minute],
      [300_000, 50 * minute],
    ] as const) {
      const table = new SapTable();
      for (let i = 0; i < 3; i++) table.receive(announce(description('A')), desk, i * period);
      expect(table.expire(2 * period + life)).toEqual([]);
      expect(table.expire(2 * period + life + 1)).toHaveLength(1);
      expect(table.size).toBe(0);
    }
  });

  it('gives a session that was heard once the time of five periods of RFC 2974', () => {
    const table = new SapTable();
    table.receive(announce(description('A')), desk, 0);
    expect(table.expire(25 * minute)).toEqual([]);
    expect(table.expire(25 * minute + 1)).toHaveLength(1);
  });

  it('does not take copies of an announcement for a short period', () => {
    const table = new SapTable();
    for (let i = 0; i < 4; i++) {
      table.receive(announce(description('A')), desk, i * 100_000);
      table.receive(announce(description('A')), desk, i * 100_000 + 3);
    }
    expect(table.expire(300_003 + 900_000)).toEqual([]);
  });

  it('takes neither more than 1024 sessions nor descriptions beyond 4096 characters nor texts without o=', () => {
    const table = new SapTable();
    for (let id = 0; id < sapTableLimits.sessions; id++) {
      table.receive(announce(description('A', { id: `${id}` })), desk, 0);
    }
    const more = announce(description('B', { id: 'more' }));
    expect(table.receive(more, desk, 0)).toEqual({ kind: 'ignored', reason: 'table-full' });
    const long = announce(`${description('A')}${'a=x\r\n'.repeat(1000)}`);
    expect(table.receive(long, desk, 0)).toEqual({ kind: 'ignored', reason: 'too-long' });
    expect(table.receive(announce('v=0\r\n'), desk, 0)).toEqual({ kind: 'ignored', reason: 'no-origin' });
    expect(table.size).toBe(1024);
  });
});

describe('the rate limit', () => {
  it('lets a burst through, then only the long-run rate', () => {
    const limit = new RateLimit(10, 100);
    const admitted = (from: number, count: number): number =>
      Array.from({ length: count }, () => limit.admit(from)).filter(Boolean).length;
    expect(admitted(0, 1000)).toBe(100);
    expect(admitted(1000, 1000)).toBe(10);
    expect(admitted(60_000, 1000)).toBe(100);
  });
});
