import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Paths } from '../platform/paths.ts';

/**
 * Starts the engine: in a session of its own, so that neither the host's end nor its terminal ends it. Its output goes to
 * its log file. `onExit` is called if it ends while this host lives. On a Mac where launchd runs the engine (packaging/macos),
 * TUTTI_ENGINE_JOB names its job, which is only asked to start.
 */
export function spawnEngine(
  paths: Paths,
  onExit: (code: number | null, signal: string | null) => void,
): void {
  const job = process.env['TUTTI_ENGINE_JOB'];
  if (job !== undefined) return startJob(job, onExit);
  const log = openSync(paths.engineLog, 'a', 0o600);
  const child = spawn(process.execPath, [join(paths.dist, 'engine.js'), ...engineArguments(paths)], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
  });
  closeSync(log);
  child.once('exit', onExit);
  child.once('error', () => onExit(null, null));
  child.unref();
}

/** What an instance's engine is started with. On a Mac launchd adds the name of its Mach service. */
export function engineArguments(paths: Paths): string[] {
  return [
    '--socket',
    paths.engineSocket,
    '--region',
    paths.region,
    '--telemetry',
    paths.telemetry,
    '--crash-report',
    paths.engineCrash,
    ...(paths.deviceLink === undefined ? [] : ['--device-link', paths.deviceLink]),
  ];
}

/** launchd hands the Mach service of HAL drivers to the process of its own job only, not to a child of ours. */
function startJob(job: string, onExit: (code: number | null, signal: string | null) => void): void {
  const child = spawn('launchctl', ['kickstart', job], { stdio: 'ignore' });
  // Its success says that the engine was started, nothing about its end.
  child.once('exit', (code, signal) => {
    if (code !== 0) onExit(code, signal);
  });
  child.once('error', () => onExit(null, null));
}
