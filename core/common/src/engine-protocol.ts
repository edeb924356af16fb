import type { Problem } from '@tutti/base';
import type { EnginePlan } from './engine-plan.ts';

/**
 * JSON-RPC 2.0 between host and engine over a Unix socket (vscode-jsonrpc framing). One host at a time: a second `hello`
 * takes over and the first connection is closed. The engine goes on without a host.
 */
export const engineProtocolVersion = 1;

export const engineMethods = {
  /** {@link EngineHello} -> {@link EngineWelcome}. First call; another version is refused with problem `unsupported`. */
  hello: 'engine/hello',
  /** {@link ApplyPlanRequest} -> {@link ApplyPlanReply}. */
  applyPlan: 'engine/applyPlan',
  /** nothing -> {@link EngineStatus}. */
  status: 'engine/status',
  /** nothing -> nothing; the engine ends afterwards. Needs no hello, so that another version's engine can be replaced. */
  shutdown: 'engine/shutdown',
  /** Notification {@link EngineEvent} from engine to host. */
  event: 'engine/event',
} as const;

export interface EngineHello {
  readonly protocol: number;
}

export interface EngineWelcome {
  readonly protocol: number;
  readonly version: string;
  readonly pid: number;
  /** The plan that is in force (a host that re-attaches reconciles with it), or null. */
  readonly plan: EnginePlan | null;
  readonly telemetry: TelemetryLayout;
  /** Path of the device region file that HAL drivers map. */
  readonly region: string;
  /** What is not as it should be on this machine: no real-time priority, no locked memory. */
  readonly notices: readonly EngineNotice[];
}

export interface EngineNotice {
  /** Stable: `realtime.denied`, `memlock.denied`, `rmem.small`. */
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/**
 * Where numbers lie in the telemetry file, little-endian, written by the engine's audio thread without locks. Every value
 * is one aligned 64-bit word (signed where it says so), read with `fs.read`; peaks are float32.
 */
export interface TelemetryLayout {
  readonly path: string;
  readonly bytes: number;
  /** Words of the engine itself. */
  readonly engine: { readonly offset: number; readonly fields: readonly string[] };
  /** Slot `i` of receivers lies at `offset + i * stride`; {@link ApplyPlanReply} says which slot is whose. */
  readonly receivers: TelemetryTable;
  readonly senders: TelemetryTable;
  /**
   * Histogram of each receiver (`arrivalBinNs` gives the edges): `bins` words of slot `i` at `offset + i * stride`. Absent: an
   * engine of before there was one, which goes on when the host is updated.
   */
  readonly arrivals?: { readonly offset: number; readonly stride: number; readonly bins: number };
  /** Ring of peak windows: a 64-bit count of finished windows at `countOffset`, then `windows` x (inputs + outputs) float32,
   *  window `k` at `offset + (k mod windows) * stride`; linear, 1.0 is full scale. */
  readonly peaks: {
    readonly countOffset: number;
    readonly offset: number;
    readonly stride: number;
    readonly windows: number;
    readonly windowSeconds: number;
    readonly inputs: number;
    readonly outputs: number;
  };
}

export interface TelemetryTable {
  readonly offset: number;
  readonly stride: number;
  readonly slots: number;
  readonly fields: readonly string[];
}

export interface ApplyPlanRequest {
  readonly plan: EnginePlan;
  /** Only check: nothing changes. */
  readonly dryRun?: boolean;
}

export interface ApplyPlanReply {
  /** Parts that could not be put in force; the rest is. Ids are those of receivers and senders, or `device`, `clock`. */
  readonly problems: readonly { readonly id: string; readonly problem: Problem }[];
  /** Telemetry slot of each receiver and sender that is in force. */
  readonly receiverSlots: Readonly<Record<string, number>>;
  readonly senderSlots: Readonly<Record<string, number>>;
}

export type ClockState = 'freeRun' | 'listening' | 'calibrating' | 'locked' | 'holdover';

export interface EngineClockStatus {
  readonly source: string;
  readonly state: ClockState;
  /** EUI-64 of the grandmaster, upper case with dashes, when the source has one. */
  readonly grandmaster?: string;
  readonly domain?: number;
  /** `IEEE1588-2002` if the grandmaster is one of PTPv1. */
  readonly ptpVersion?: string;
  /** Nanoseconds since the epoch (TAI 1970) as decimal text: too big for a double. */
  readonly mediaTime: string;
  /** Steps of the timeline since the engine started. */
  readonly steps: number;
  /** Estimated error, ns; absent if the source does not know. */
  readonly errorNs?: number;
}

export interface EngineStatus {
  readonly clock: EngineClockStatus;
  /** What the clock source reports for people: JSON of a plug-in, outside data (`ClockReport`). Empty if nothing. */
  readonly clockReport: string;
  readonly clients: readonly DeviceClient[];
  readonly notices: readonly EngineNotice[];
}

/** An application that has the device open through a HAL driver. */
export interface DeviceClient {
  readonly pid: number;
  readonly name: string;
  readonly direction: 'capture' | 'playback';
  /** From 0. */
  readonly first: number;
  readonly channels: number;
  readonly xruns: number;
}

export type EngineEvent =
  | { readonly kind: 'clock'; readonly clock: EngineClockStatus }
  /** Somebody chose another rate, in Hz, in a HAL driver's settings (Audio MIDI Setup): outside data. */
  | { readonly kind: 'wantedRate'; readonly rate: number };
