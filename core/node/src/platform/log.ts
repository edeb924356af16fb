import { renameSync, statSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { Logger } from '@tutti/api';
import { createToken } from '@tutti/base';
import { pino } from 'pino';
import type { EventBuffer } from './recent-events.ts';

/** One line for each change of state. Codes are stable (`engine.attached`); fields are plain data. */
export interface Log extends Logger {
  /** A logger whose lines carry more fields, as `{ extension: 'tutti.aes67' }`. */
  child(fields: Readonly<Record<string, unknown>>): Log;
  /** Writes out what is buffered. */
  flush(): void;
}

export const LogToken = createToken<Log>('Log');

/** A log file beyond this size is moved to `.old`: what the network makes us say has an end. */
const maxLogBytes = 8 * 1024 * 1024;
/** Lines that could not be written, of a disk that is full, are kept up to this; what comes then is lost. */
const maxWaitingBytes = 64 * 1024;

/** JSON lines to `path` and into `events`, and unless `quiet` short lines for a person to standard error. */
export function createLog(path: string, quiet = false, events?: EventBuffer, maxBytes = maxLogBytes): Log {
  const logger = pino(
    { base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.multistream([
      { stream: linesIntoFile(path, maxBytes) },
      ...(events ? [{ stream: linesInto(events) }] : []),
      ...(quiet ? [] : [{ stream: linesForPeople() }]),
    ]),
  );
  return wrap(logger);
}

/** Says nothing; for tests and for one-off commands. */
export function createSilentLog(): Log {
  return wrap(pino({ level: 'silent' }));
}

/** What a line says of itself: no field may say it instead. */
const ownWords: readonly string[] = ['level', 'time', 'pid', 'msg', 'code'] satisfies (keyof Line | 'pid')[];

function wrap(logger: pino.Logger): Log {
  const line = (code: string, fields: Parameters<Log['info']>[2] = {}): object => ({
    code,
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => !ownWords.includes(name))),
  });
  return {
    info: (code, message, fields) => logger.info(line(code, fields), message),
    warn: (code, message, fields) => logger.warn(line(code, fields), message),
    error: (code, message, fields) => logger.error(line(code, fields), message),
    child: (fields) => wrap(logger.child(fields)),
    flush: () => logger.flush(),
  };
}

/** A log that cannot be written ends nobody: what is said then is seen in the events, as long as they are kept. */
function linesIntoFile(path: string, maxBytes: number): { write(line: string): void } {
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const file = pino.destination({
    ...{ dest: path, mkdir: false, sync: true, mode: 0o600 },
    maxLength: maxWaitingBytes,
  });
  file.on('error', () => undefined);
  return {
    write: (line) => {
      if (size > maxBytes) {
        renameSync(path, `${path}.old`);
        file.reopen();
        size = 0;
      }
      file.write(line);
      size += Buffer.byteLength(line);
    },
  };
}

/** A line as pino writes it. */
interface Line {
  readonly level: number;
  readonly time: string;
  readonly code?: string;
  readonly msg?: string;
  readonly extension?: unknown;
}

function linesInto(events: EventBuffer): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done): void {
      const { level, time, code = '', msg = '', extension } = JSON.parse(chunk.toString()) as Line;
      events.add({
        at: time,
        level: level >= 50 ? 'error' : level >= 40 ? 'warning' : 'info',
        code,
        message: msg,
        source: typeof extension === 'string' ? extension : 'host',
      });
      done();
    },
  });
}

function linesForPeople(): Writable {
  const levels: Readonly<Record<number, string>> = { 30: 'info ', 40: 'warn ', 50: 'error' };
  return new Writable({
    write(chunk: Buffer, _encoding, done): void {
      const line = JSON.parse(chunk.toString()) as Line;
      process.stderr.write(
        `${line.time.slice(11, 23)} ${levels[line.level] ?? ''} ${line.code ?? ''}: ${line.msg ?? ''}\n`,
      );
      done();
    },
  });
}
