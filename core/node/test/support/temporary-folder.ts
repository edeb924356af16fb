import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toDisposable, type Disposable } from '@tutti/base';

/** A folder for one test, gone afterwards. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'tutti-'));
  return { path, ...toDisposable(() => rmSync(path, { recursive: true, force: true })) };
}
