import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { tellFaults } from '../../src/platform/faults.ts';
import { createSilentLog, type Log } from '../../src/platform/log.ts';

it('what fails while nobody waits for it is logged with where, until the host ends', () => {
  const lines: unknown[][] = [];
  const log: Log = { ...createSilentLog(), error: (...line) => void lines.push(line) };
  const source = new EventEmitter();
  const telling = tellFaults(log, source);
  source.emit('unhandledRejection', new Error('ENOSPC'));
  source.emit('unhandledRejection', 'no error at all');
  expect(lines).toMatchObject([
    [
      'host.fault',
      expect.stringContaining('ENOSPC'),
      { stack: expect.stringContaining('faults.test') as string },
    ],
    ['host.fault', expect.stringContaining('no error at all'), {}],
  ]);
  telling.dispose();
  expect(source.listenerCount('unhandledRejection')).toBe(0);
});
