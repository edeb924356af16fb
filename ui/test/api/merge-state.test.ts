import { describe, expect, it } from 'vitest';
import { keepUnchanged, mergeState } from '../../src/api/merge-state.ts';
import { sampleState } from '../stand-in/sample-state.ts';

describe('merging what the host says', () => {
  it('takes the first snapshot as it is', () => {
    const state = sampleState('');
    expect(mergeState(undefined, { kind: 'snapshot', state })).toBe(state);
  });

  it('drops a delta that comes before any snapshot', () => {
    expect(mergeState(undefined, { kind: 'delta', state: { sessions: [] } })).toBeUndefined();
  });

  it('replaces the part that a delta names and leaves the others', () => {
    const before = sampleState('');
    const after = mergeState(before, { kind: 'delta', state: { sessions: [] } });
    expect(after?.sessions).toEqual([]);
    expect(after?.receivers).toBe(before.receivers);
    expect(after?.status).toBe(before.status);
  });

  it('keeps the identity of everything when a snapshot says nothing new', () => {
    const before = sampleState('');
    const state = structuredClone(before);
    expect(mergeState(before, { kind: 'snapshot', state })).toBe(before);
  });

  it('gives a new identity to the receiver that changed, and to no other', () => {
    const before = sampleState('');
    const receivers = structuredClone(before.receivers).map((receiver) =>
      receiver.id === 'r2' ? { ...receiver, counters: { ...receiver.counters, lost: 1 } } : receiver,
    );
    const after = mergeState(before, { kind: 'delta', state: { receivers } });
    expect(after?.receivers[0]).toBe(before.receivers[0]);
    expect(after?.receivers[1]).not.toBe(before.receivers[1]);
    expect(after?.receivers[1]?.map).toBe(before.receivers[1]?.map);
    expect(after?.receivers[2]).toBe(before.receivers[2]);
  });

  it('follows rows by id when one before them went away', () => {
    const before = sampleState('');
    const receivers = structuredClone(before.receivers).slice(1);
    const after = mergeState(before, { kind: 'delta', state: { receivers } });
    expect(after?.receivers).toHaveLength(2);
    expect(after?.receivers[0]).toBe(before.receivers[1]);
  });

  it('notices a key that disappeared', () => {
    const before: Record<string, number> = { a: 1, b: 2 };
    const after = { a: 1 };
    expect(keepUnchanged(before, after)).toEqual({ a: 1 });
  });
});
