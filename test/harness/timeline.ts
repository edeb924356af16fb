import { join } from 'node:path';
import { instancePaths } from '@tutti/node';
import { repository } from './lab.ts';
import type { Program } from './process.ts';
import type { Tutti } from './tutti.ts';

/** State or timeline of an instance changed. */
export interface ClockChange {
  /** ms since 1970. */
  readonly atMs: number;
  readonly state: 'freeRun' | 'listening' | 'calibrating' | 'locked' | 'holdover';
  /** Of the timeline since the watch began. */
  readonly steps: number;
  readonly errorNs: number;
}

/** Media time against the truth, in absolute values while locked, looked at every 2 ms. */
export interface ClockError {
  readonly samples: number;
  /** Looks, after the first lock, that found it in another state. */
  readonly notLocked: number;
  readonly steps: number;
  /** Most by which the timeline moved between two looks besides steps. */
  readonly mostBendNs: number;
  readonly firstNs: number;
  readonly medianNs: number;
  readonly p99Ns: number;
  readonly maxNs: number;
  /** With its sign: what is the same all the time. */
  readonly meanNs: number;
}

/** A stretch of frames that all came with the same delay; null is silence. */
export interface Run {
  readonly delay: number | null;
  readonly frames: number;
  readonly beginMs: number;
  readonly endMs: number;
}

export interface Heard {
  readonly runs: readonly Run[];
  readonly leftOut: number;
  /** Frames that the test's program was too late to read. */
  readonly lost: number;
  /** From the sender's output to the receiver's input in real time. */
  readonly apartNs: { readonly min: number; readonly median: number; readonly max: number };
}

const regionOf = (tutti: Tutti) => instancePaths(repository, tutti.data).region;

function start(tutti: Tutti, ...args: string[]): Program {
  const tool = join(repository, 'build/tools/timeline');
  return tutti.lab.start(tutti.at, tool, args, { punctual: true });
}

/** Watches the clock of an instance through its device region, as a driver sees it. */
export class ClockWatch {
  private readonly program: Program;

  /** @param aheadNs of what is served against CLOCK_REALTIME */
  constructor(tutti: Tutti, aheadNs = 0n) {
    this.program = start(tutti, 'watch', '--region', regionOf(tutti), '--truth-ahead', String(aheadNs));
  }

  changes(): ClockChange[] {
    return lines(this.program).filter((each): each is ClockChange => 'atMs' in each);
  }

  /** Resolves with the first change after `sinceMs` to `state`. */
  async reaches(state: ClockChange['state'], sinceMs = 0, timeoutMs = 15_000): Promise<ClockChange> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const change = this.changes().find((each) => each.state === state && each.atMs > sinceMs);
      if (change) return change;
      if (performance.now() > end || !this.program.running) {
        throw this.program.failure(`not ${state} within ${timeoutMs} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async end(): Promise<ClockError> {
    await this.program.stop('SIGTERM');
    const error = lines(this.program).find((each): each is ClockError => 'samples' in each);
    if (!error) throw this.program.failure('no summary');
    return error;
  }
}

/** Plays frames that say their own index into an output, from 1, until it is stopped. */
export function mark(tutti: Tutti, channel: number): Program {
  return start(tutti, 'mark', '--region', regionOf(tutti), '--channel', String(channel));
}

/** Listens at an input, from 1, for what {@link mark} plays at `source`. */
export class MarkListener {
  private readonly program: Program;

  constructor(tutti: Tutti, channel: number, source: Tutti) {
    const place = ['--channel', String(channel), '--source', regionOf(source)];
    this.program = start(tutti, 'find', '--region', regionOf(tutti), ...place);
  }

  async end(): Promise<Heard> {
    await this.program.stop('SIGTERM');
    const heard = lines(this.program).find((each): each is Heard => 'runs' in each);
    if (!heard) throw this.program.failure('no summary');
    return heard;
  }
}

function lines(program: Program): object[] {
  const complete = program.stdout.split('\n').slice(0, -1);
  return complete.map((line) => JSON.parse(line) as object);
}
