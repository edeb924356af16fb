import { createRequire } from 'node:module';
import type {
  ApplyPlanReply,
  DeviceClient,
  EngineClockStatus,
  EngineNotice,
  EnginePlan,
  TelemetryLayout,
} from '@tutti/common';

/** The native engine. Every call is made on the main thread and may block for a few audio cycles. */
export interface NativeEngine {
  apply(plan: EnginePlan): ApplyPlanReply;
  check(plan: EnginePlan): ApplyPlanReply;
  clock(): EngineClockStatus;
  /** JSON that the clock source wrote; empty if it has nothing to tell. */
  clockReport(): string;
  clients(): readonly DeviceClient[];
  notices(): readonly EngineNotice[];
  /** The rate, in Hz, that somebody chose in a HAL driver's settings since the last call. */
  takeWantedRate(): number | undefined;
  telemetry(): TelemetryLayout;
  stop(): void;
}

interface Addon {
  readonly Engine: new (region: string, telemetry: string, deviceLink: string | undefined) => NativeEngine;
}

/** Loads the addon and starts the audio thread. Throws if shared memory cannot be had. */
export function startNativeEngine(
  addonPath: string,
  region: string,
  telemetry: string,
  deviceLink?: string,
): NativeEngine {
  const addon = createRequire(import.meta.url)(addonPath) as Addon;
  return new addon.Engine(region, telemetry, deviceLink);
}
