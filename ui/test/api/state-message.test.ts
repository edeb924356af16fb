import { describe, expect, it } from 'vitest';
import { readMessage } from '../../src/api/state-message.ts';
import { reconnectDelay } from '../../src/api/state-socket.ts';
import { readProblem } from '../../src/api/http-client.ts';
import { sampleState } from '../stand-in/sample-state.ts';

describe('reading a text frame', () => {
  const read = (value: unknown): unknown => readMessage(JSON.stringify(value));

  it('reads a snapshot and a delta', () => {
    const state = sampleState('');
    expect(read({ kind: 'snapshot', state })).toEqual({ kind: 'snapshot', state: structuredClone(state) });
    expect(read({ kind: 'delta', state: { senders: [] } })).toEqual({
      kind: 'delta',
      state: { senders: [] },
    });
  });

  it('reads what is said of contributions', () => {
    for (const message of [
      { kind: 'contributions' },
      { kind: 'statusItems', items: [{ id: 'a.b', label: 'A', extension: 'x.a', text: 'on' }] },
      { kind: 'view', view: 'a.tree' },
      { kind: 'view', view: 'a.tree', items: ['1'] },
      { kind: 'viewMessage', view: 'a.page', message: { plain: [1, null] } },
    ])
      expect(read(message)).toEqual(message);
    for (const message of [
      { kind: 'view' },
      { kind: 'view', view: 'a', items: [1] },
      { kind: 'statusItems' },
    ])
      expect(read(message)).toBeUndefined();
  });

  it.each([
    ['a list', []],
    ['an unknown kind', { kind: 'hello', state: sampleState('') }],
    [
      'a snapshot with a part missing',
      { kind: 'snapshot', state: { ...sampleState(''), senders: undefined } },
    ],
    ['rows that are no list', { kind: 'delta', state: { receivers: {} } }],
    ['a row without an id', { kind: 'delta', state: { receivers: [{ name: 'x' }] } }],
    ['a status without a clock', { kind: 'delta', state: { status: { device: {}, engine: {} } } }],
    ['null', null],
  ])('refuses %s', (_, value) => {
    expect(read(value)).toBeUndefined();
  });

  it('refuses text that is no JSON', () => {
    expect(readMessage('{"kind":')).toBeUndefined();
  });
});

describe('reconnecting', () => {
  it('waits longer with each try, and never longer than ten seconds', () => {
    const waits = Array.from({ length: 12 }, (_, attempt) => reconnectDelay(attempt, 0.5));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeLessThan(500);
    expect(reconnectDelay(30, 1)).toBeLessThanOrEqual(10_000);
  });
});

describe('reading an error', () => {
  it('keeps the host’s own words', () => {
    const problem = { code: 'conflict', message: 'Input 1 is taken.', field: 'map', status: 409 };
    expect(readProblem(409, problem)).toMatchObject(problem);
  });

  it('says how to sign in when the host does not know us', () => {
    expect(readProblem(401, '')).toMatchObject({
      code: 'permission',
      fix: expect.stringContaining('tutti open'),
    });
  });

  it('never is without a message', () => {
    expect(readProblem(500, '<html>').message).toContain('500');
  });
});
