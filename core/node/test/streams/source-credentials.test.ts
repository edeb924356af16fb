import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createSilentLog } from '../../src/platform/log.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSourceCredentials, splitUserInfo } from '../../src/streams/source-credentials.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
const path = (): string => `${folder.path}/credentials.json`;
const open = (): FileSourceCredentials => new FileSourceCredentials(path(), createSilentLog());
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.dispose());

describe('user and password of a URL', () => {
  it('are taken out of it, whatever they contain, and nothing else is', () => {
    expect(splitUserInfo('rtsp://anna:a@b:c@10.0.0.1:8554/x@y')).toEqual({
      url: 'rtsp://10.0.0.1:8554/x@y',
      userInfo: 'anna:a@b:c',
    });
    for (const url of ['rtsp://10.0.0.1/by-name/a@b', 'rtsp://host?x=@', 'anna@host', ''])
      expect(splitUserInfo(url)).toEqual({ url });
  });

  it('are kept for the owner alone, found again by another host, and forgotten with the last receiver', async () => {
    const url = 'rtsp://10.0.0.1/x';
    const first = open();
    await first.keep({ url, userInfo: 'anna:$&1' });
    await first.keep({ url: 'rtsp://10.0.0.2/y', userInfo: 'otto' });
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    const second = open();
    expect(second.complete(url)).toBe('rtsp://anna:$&1@10.0.0.1/x');
    expect(second.complete('rtsp://10.0.0.3/')).toBe('rtsp://10.0.0.3/');
    await second.keepOnly(new Set([url]));
    expect(readFileSync(path(), 'utf8')).not.toContain('otto');
    expect(open().complete(url)).toBe('rtsp://anna:$&1@10.0.0.1/x');
  });

  it('are gone when their file is damaged, which does not stop a host', () => {
    writeFileSync(path(), '{"version":1,"credentials":{"rtsp://a/":7}}');
    expect(open().complete('rtsp://a/')).toBe('rtsp://a/');
    expect(readFileSync(`${path()}.damaged`, 'utf8')).toContain('7');
  });
});
