/**
 * The whole desired state of the engine, as plain data with stable ids. Applying it is idempotent: what did not change
 * is not touched, not one sample of it. Channels and device positions count from 0 here; people count from 1.
 */
export interface EnginePlan {
  readonly device: DevicePlan;
  readonly clock: ClockPlan;
  /** Native libraries that codecs and clocks come from; a library once loaded stays loaded. */
  readonly plugins: readonly PluginPlan[];
  readonly receivers: readonly ReceiverPlan[];
  readonly senders: readonly SenderPlan[];
}

export interface DevicePlan {
  readonly name: string;
  /** Hz; one of `deviceRates`. A change makes a new region and restarts every stream. */
  readonly rate: number;
  /** 1 to 128 each. */
  readonly inputs: number;
  readonly outputs: number;
  /** What HAL drivers call the channels, by channel; '' or nothing for one without a name. At most 63 bytes are shown. */
  readonly inputNames?: readonly string[];
  readonly outputNames?: readonly string[];
}

export interface ClockPlan {
  /** Id of a clock source that a plug-in offers. */
  readonly source: string;
  /** Handed to the source as JSON. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface PluginPlan {
  readonly kind: 'codec' | 'clock';
  /** Codec: encoding name. Clock: id of the source. */
  readonly id: string;
  /** Absolute path of the shared library. */
  readonly path: string;
  /** Tells the file from another one at the same path: an update is loaded beside what is there, and takes its place. */
  readonly file: string;
}

/** One network path. `interface` is the local IPv4 address to join on or send from. */
export interface ReceiverLegPlan {
  readonly address: string;
  readonly port: number;
  readonly interface: string;
  /** Accepted senders; empty accepts any. */
  readonly sources: readonly string[];
}

/** How RTP timestamps become positions on the timeline. */
export type TimingPlan =
  /** The stream shares our media clock: media = (RTP - offset) mod 2^32. */
  | { readonly kind: 'shared'; readonly offset: number }
  /** It does not: its clock is recovered from timestamps and arrivals, its samples are resampled onto our timeline. */
  | { readonly kind: 'resample' }
  /**
   * It does not, but its bits matter more than its time: anchored on the arrival of the first packets, bit-exact until it is
   * anchored anew because the margin left its window.
   */
  | { readonly kind: 'arrival' };

export type TimingKind = TimingPlan['kind'];

export interface ReceiverPlan {
  readonly id: string;
  /** One of `plugins`: that of the encoding, or one that reads what hides inside it. */
  readonly codec: string;
  /** Hz, 8000 to 768000, at most 16 times the device's; the device's rate unless the stream is resampled. */
  readonly rate: number;
  readonly channels: number;
  readonly payloadType: number;
  /**
   * Frames from a sample's timestamp to its playout, at the device's rate. Resampling needs 1 ms of it at 48 kHz to look ahead.
   */
  readonly linkOffset: number;
  readonly timing: TimingPlan;
  /** One or two (ST 2022-7). */
  readonly legs: readonly ReceiverLegPlan[];
  /** `[stream channel, device input]`; an input takes at most one stream channel, over all receivers. */
  readonly routes: readonly (readonly [channel: number, input: number])[];
}

export interface SenderLegPlan {
  readonly address: string;
  readonly port: number;
  readonly interface: string;
}

export interface SenderPlan {
  readonly id: string;
  readonly codec: string;
  readonly channels: number;
  readonly framesPerPacket: number;
  readonly payloadType: number;
  /** RTP = (media + offset) mod 2^32. */
  readonly offset: number;
  /** 0 to 63. */
  readonly dscp: number;
  /** 1 to 255. */
  readonly ttl: number;
  readonly legs: readonly SenderLegPlan[];
  /** `[device output, stream channel]`; a stream channel takes at most one output. Channels without one carry silence. */
  readonly routes: readonly (readonly [output: number, channel: number])[];
}
