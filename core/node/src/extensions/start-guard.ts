import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createToken } from '@tutti/base';
import type { Log } from '../platform/log.ts';

/** As many starts in a row that did not get through mean that something we did not ship may be at fault. */
const mostFailures = 2;

/** Notices a host that dies while it starts, again and again, and then starts it with what we ship only. */
export class StartGuard {
  /** Only what we ship is to be used. */
  readonly safeMode: boolean;
  readonly #marker: string;

  /** @param wanted safe mode is asked for. */
  constructor(marker: string, wanted: boolean, log: Log) {
    this.#marker = marker;
    const failures = existsSync(marker) ? Number(readFileSync(marker, 'utf8')) || 1 : 0;
    this.safeMode = wanted || failures >= mostFailures;
    if (this.safeMode) {
      const why = wanted ? 'as asked for' : `the last ${failures} starts did not get through`;
      log.warn('extension.safe-mode', `safe mode, ${why}: installed extensions are not used`);
    }
    writeFileSync(marker, String(failures + 1), { mode: 0o600 });
  }

  /** The host answers. */
  passed(): void {
    rmSync(this.#marker, { force: true });
  }
}

export const StartGuardToken = createToken<StartGuard>('StartGuard');
