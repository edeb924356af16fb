import { describe, expect, it } from 'vitest';
import { err, ok, type Result } from '@tutti/base';
import type { ApiProblem, EventInfo, EventList } from '@tutti/common';
import { EventLog } from '../../src/api/event-log.ts';

const event = (sequence: number): EventInfo => ({
  ...{ sequence, at: '2026-01-01T00:00:00Z', level: 'info', code: 'test', message: `number ${sequence}` },
  source: 'host',
});
const list = (run: string, ...sequences: number[]): EventList => ({ run, events: sequences.map(event) });

/** A log, the numbers that it asked from, and a way to answer its questions one by one. */
function logAndHost() {
  const asked: number[] = [];
  const answers: ((list: Result<EventList, ApiProblem>) => void)[] = [];
  const log = new EventLog((after) => {
    asked.push(after);
    return new Promise((done) => answers.push(done));
  });
  const answer = async (reply: Result<EventList, ApiProblem>): Promise<void> => {
    answers.shift()?.(reply);
    await new Promise((done) => setTimeout(done));
  };
  const numbers = (): number[] => log.get().map(({ sequence }) => sequence);
  return { log, asked, answer, numbers };
}

describe('the log of events', () => {
  it('asks for what came before the page, then takes what comes by itself', async () => {
    const { log, asked, answer, numbers } = logAndHost();
    void log.catchUp();
    await answer(ok(list('a', 1, 2)));
    log.add(list('a', 3));
    expect(numbers()).toEqual([1, 2, 3]);
    expect(asked).toEqual([0]);
  });

  it('asks for what is missing, and takes nothing twice', async () => {
    const { log, asked, answer, numbers } = logAndHost();
    void log.catchUp();
    await answer(ok(list('a', 1)));
    log.add(list('a', 4));
    await answer(ok(list('a', 2, 3, 4)));
    log.add(list('a', 3, 4, 5));
    expect(numbers()).toEqual([1, 2, 3, 4, 5]);
    expect(asked).toEqual([0, 1]);
  });

  it('loses nothing that comes while it waits for an answer which is older', async () => {
    const { log, asked, answer, numbers } = logAndHost();
    void log.catchUp();
    log.add(list('a', 3));
    await answer(ok(list('a', 1, 2)));
    await answer(ok(list('a', 3)));
    expect(numbers()).toEqual([1, 2, 3]);
    expect(asked).toEqual([0, 2]);
  });

  it('begins anew with another run of the host, and keeps what it has seen', async () => {
    const { log, asked, answer, numbers } = logAndHost();
    void log.catchUp();
    await answer(ok(list('a', 1, 2)));
    void log.catchUp();
    await answer(ok(list('b')));
    await answer(ok(list('b', 1)));
    expect(numbers()).toEqual([1, 2, 1]);
    expect(asked).toEqual([0, 2, 0]);
  });

  it('waits for the next event when the host does not answer', async () => {
    const { log, asked, answer, numbers } = logAndHost();
    void log.catchUp();
    log.add(list('a', 1));
    await answer(err({ type: 'about:blank', title: '', status: 0, code: 'unavailable', message: '' }));
    log.add(list('a', 2));
    await answer(ok(list('a', 1, 2)));
    expect(numbers()).toEqual([1, 2]);
    expect(asked).toEqual([0, 0]);
  });
});
