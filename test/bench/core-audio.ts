import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../harness/lab.ts';

/** The Core Audio driver's IO at one rate; shares of one core. */
export interface CoreAudioLoad {
  /** Hz. */
  readonly rate: number;
  readonly channels: number;
  /** Frames of an IO buffer. */
  readonly frames: number;
  /** CPU seconds a second of audio, both directions. */
  readonly driver: number;
  /** The same bytes moved by memcpy, in the same rings and the same run. */
  readonly memcpy: number;
}

/** Runs the driver in the stand-in for coreaudiod, as fast as it goes. */
export function measureCoreAudio(): CoreAudioLoad[] {
  const program = join(repository, 'build/tools/audio_server');
  return execFileSync(program, ['bench'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CoreAudioLoad);
}
