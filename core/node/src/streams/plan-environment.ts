import type { NetworkInterface } from '@tutti/api';
import type { EngineClockStatus } from '@tutti/common';
import type { NativeLibrary } from '../registries/registries.ts';

/** Everything besides the stored state that decides about the plan. */
export interface PlanEnvironment {
  /** Those that are up and may be used. */
  readonly interfaces: readonly NetworkInterface[];
  readonly libraries: readonly NativeLibrary[];
  /** Undefined before an engine has answered, and while the clock is still finding out what to follow. */
  readonly clock: EngineClockStatus | undefined;
  /** Milliseconds. */
  readonly linkOffsetMs: number;
  readonly foreignLinkOffsetMs: number;
  /** Which of the codecs that would read streams of an encoding by themselves does; by the encoding in upper case. */
  readonly codecs: Readonly<Record<string, string>>;
  /** What each clock source is started with, by its id. */
  readonly clockOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function hasCodec(environment: PlanEnvironment, encoding: string): boolean {
  return environment.libraries.some(
    (each) => each.kind === 'codec' && each.id.toUpperCase() === encoding.toUpperCase(),
  );
}

/** Address of an interface by its name; undefined while it is gone or down. */
export function addressOf(environment: PlanEnvironment, name: string): string | undefined {
  return environment.interfaces.find((each) => each.name === name)?.address;
}
