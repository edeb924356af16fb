import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/platform/log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('the log', () => {
  it('of a disk that is full loses lines and ends nobody', () => {
    const log = createLog('/dev/full', true);
    for (let i = 0; i < 1000; ++i) log.info('test.line', 'x'.repeat(1000));
    log.flush();
  });

  it('has an end while the host runs: one file before this one is kept', () => {
    const path = join(folder.path, 'host.log');
    const log = createLog(path, true, undefined, 10_000);
    for (let i = 0; i < 1000; ++i) log.info('test.line', `line ${i}`);
    expect(readdirSync(folder.path).sort()).toEqual(['host.log', 'host.log.old']);
    for (const file of [path, `${path}.old`]) expect(statSync(file).size).toBeLessThan(10_200);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const lines = [`${path}.old`, path].flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
    const numbers = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(numbers).toEqual(numbers.map((_, i) => `line ${1000 - numbers.length + i}`));
  });
});
