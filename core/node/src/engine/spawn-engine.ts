import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Paths } from '../platform/paths.ts';

/**
 * Starts the engine in a session of its own, so that neither the host's end nor its terminal ends it. Its output goes to
 * its log file. `onExit` is called if it ends while this host lives.
 */
export function spawnEngine(
  paths: Paths,
  onExit: (code: number | null, signal: string | null) => void,
): void {
  const log = openSync(paths.engineLog, 'a', 0o600);
  const child = spawn(
    process.execPath,
    [
      join(paths.dist, 'engine.js'),
      '--socket',
      paths.engineSocket,
      '--region',
      paths.region,
      '--telemetry',
      paths.telemetry,
      ...(paths.deviceLink === undefined ? [] : ['--device-link', paths.deviceLink]),
    ],
    { detached: true, stdio: ['ignore', log, log], cwd: '/' },
  );
  closeSync(log);
  child.once('exit', onExit);
  child.once('error', () => onExit(null, null));
  child.unref();
}
