import { describe, expect, it } from 'vitest';
import type { ReceiverInfo } from '@tutti/common';
import {
  noHistory,
  withoutNext,
  withRedone,
  withStep,
  withUndone,
} from '../../../src/parts/routing/patch-history.ts';
import { receiver } from '../../stand-in/sample-state.ts';

const route = (receiverId: string, input: number) => ({ receiverId, channel: 1, input });
const received = (id: string): ReceiverInfo => receiver(id, 'x', undefined, 1, 1, ['239.0.0.1']);

const receive = {
  title: 'receive',
  request: { receive: [{ sessionId: 's', map: '1:1' }] },
  undo: { clear: [route('r1', 1)], remove: ['r1'] },
};
const add = { title: 'add', request: { set: [route('r1', 2)] }, undo: { clear: [route('r1', 2)] } };

describe('the history of patches', () => {
  it('undoes the latest first, and a new step ends what could be redone', () => {
    const history = withStep(withStep(noHistory, receive), add);
    const back = withUndone(withUndone(history));
    expect(back.done).toEqual([]);
    expect(back.undone.map(({ title }) => title)).toEqual(['add', 'receive']);
    expect(withStep(back, add).undone).toEqual([]);
  });

  it('follows a receiver that is made again under another id', () => {
    const back = withUndone(withUndone(withStep(withStep(noHistory, receive), add)));
    const undo = { clear: [route('r7', 1)], remove: ['r7'] };
    const redone = withRedone(back, { receivers: [received('r7')], undo });
    expect(redone.done[0]?.undo).toEqual(undo);
    expect(redone.undone[0]?.request.set).toEqual([route('r7', 2)]);
    expect(redone.undone[0]?.undo.clear).toEqual([route('r7', 2)]);
  });

  it('goes on to the step before one that cannot be done any more', () => {
    const history = withUndone(withStep(withStep(withStep(noHistory, add), receive), add));
    expect(withoutNext(history, 'undo').done.map(({ title }) => title)).toEqual(['add']);
    expect(withoutNext(history, 'undo').undone).toEqual(history.undone);
    expect(withoutNext(history, 'redo')).toEqual({ done: history.done, undone: [] });
  });

  it('forgets the oldest of very many', () => {
    let history = noHistory;
    for (let i = 0; i < 300; i++) history = withStep(history, { ...add, title: String(i) });
    expect(history.done).toHaveLength(200);
    expect(history.done[0]?.title).toBe('100');
  });
});
