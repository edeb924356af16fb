import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/platform/log.ts';
import { EventBuffer } from '../../src/platform/recent-events.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('the log', () => {
  it('of a disk that is full loses lines and ends nobody', () => {
    const log = createLog('/dev/full', true);
    for (let i = 0; i < 1000; ++i) log.info('test.line', 'x'.repeat(1000));
    log.flush();
  });

  it('says level, time and code of a line itself, whatever its fields are called', () => {
    const events = new EventBuffer();
    const log = createLog(join(folder.path, 'fields.log'), true, events);
    log.warn('test.first', 'first', { code: 404, time: 5, level: 'x', pid: 'y', msg: 'z', more: 1 });
    log.info('test.second', 'second');
    expect(events.after(0).events).toMatchObject([
      { code: 'test.first', level: 'warning', message: 'first' },
      { code: 'test.second', level: 'info', message: 'second' },
    ]);
    const [line = ''] = readFileSync(join(folder.path, 'fields.log'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({ level: 40, code: 'test.first', msg: 'first', more: 1 });
  });

  it('has an end while the host runs: one file before this one is kept', () => {
    const path = join(folder.path, 'host.log');
    const log = createLog(path, true, undefined, 10_000);
    for (let i = 0; i < 1000; ++i) log.info('test.line', `line ${i}`);
    expect(
      readdirSync(folder.path)
        .filter((name) => name.startsWith('host.log'))
        .sort(),
    ).toEqual(['host.log', 'host.log.old']);
    for (const file of [path, `${path}.old`]) expect(statSync(file).size).toBeLessThan(10_200);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const lines = [`${path}.old`, path].flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
    const numbers = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(numbers).toEqual(numbers.map((_, i) => `line ${1000 - numbers.length + i}`));
  });
});
