import type { EventEmitter } from 'node:events';
import { toDisposable, type Disposable } from '@tutti/base';
import type { Log } from './log.ts';

/**
 * What fails while nobody waits for it is told as `host.fault` and ends nobody: a host that went down for it, for a full disk say, would
 * take everything with it that works.
 *
 * @param source of `unhandledRejection`; the process, but for tests.
 */
export function tellFaults(log: Log, source: EventEmitter = process): Disposable {
  const tell = (reason: unknown): void => {
    const { message, stack } = reason instanceof Error ? reason : new Error(String(reason));
    log.error('host.fault', `something failed that nobody waited for: ${message}`, { stack });
  };
  source.on('unhandledRejection', tell);
  return toDisposable(() => source.off('unhandledRejection', tell));
}
