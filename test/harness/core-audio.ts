import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './lab.ts';
import type { Program, ProgramOptions } from './process.ts';
import type { Tutti } from './tutti.ts';

/** The driver as a shared object of this system, or the file that a Mac would load, executed by a loader of ours. */
export type CoreAudioDriver = 'shared object' | 'Mach-O';

/** What an application asks of the Core Audio device. */
export interface CoreAudioChannels {
  /** Hz. */
  readonly rate: number;
  /** First channel of the device, from 1. */
  readonly first: number;
  readonly channels: number;
}

const macho = join(repository, 'build/darwin/Tutti.driver/Contents/MacOS/Tutti');

/**
 * One application of the device, in a stand-in for coreaudiod with the driver in it (hal/coreaudio/test/tool): raw float32
 * from and to its ends. Options as its head says. After {@link prepareCoreAudio}.
 */
export function runCoreAudio(
  tutti: Tutti,
  driver: CoreAudioDriver,
  { rate, first, channels }: CoreAudioChannels,
  options: readonly string[],
  ends: Pick<ProgramOptions, 'stdin' | 'stdout'>,
): Program {
  return tutti.lab.start(
    tutti.at,
    join(repository, 'build/tools/audio_server'),
    ['run', '--rate', `${rate}`, '--first', `${first}`, '--channels', `${channels}`, ...options],
    {
      ...ends,
      punctual: true,
      env: {
        TUTTI_DEVICE_SOCKET: join(tutti.data, 'device.sock'),
        ...(driver === 'Mach-O' ? { TUTTI_DRIVER_MACHO: macho } : {}),
      },
    },
  );
}

/** Compiles the Mach-O file unless it is there already, as after `npm test -- native`. */
export function prepareCoreAudio(driver: CoreAudioDriver): void {
  if (driver === 'Mach-O')
    execFileSync('make', ['-s', '-C', join(repository, 'hal/coreaudio'), 'bundle'], { stdio: 'inherit' });
}

/** What the driver says of itself at the end. */
export function statusOf(application: Program): unknown {
  return JSON.parse(application.stderr.trim().split('\n').at(-1) ?? '');
}
