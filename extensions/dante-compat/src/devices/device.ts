import type { DeviceIdentity, DeviceProperties } from '../wire/arc-device.ts';
import type { ReceiveFlow } from '../wire/arc-flows.ts';
import type { SubscriptionStatus } from '../wire/subscription-status.ts';

/** A channel that a device sends. */
export interface TransmitChannel {
  /** From 1. */
  readonly number: number;
  /** The name people gave it, or the one it left the factory with. */
  readonly label: string;
  readonly factoryName: string;
}

/** A channel that a device receives, and what it is subscribed to. */
export interface ReceiveChannel {
  /** From 1. */
  readonly number: number;
  readonly label: string;
  /** The transmitter; `device` is a name also where the device said "myself". */
  readonly from?: { readonly channel: string; readonly device: string };
  readonly status: SubscriptionStatus;
}

/** What ARC told about a device at one time. How sure each field is stands with its reader in `wire/`. */
export interface DeviceReading {
  readonly identity?: DeviceIdentity;
  readonly properties?: DeviceProperties;
  readonly transmit: readonly TransmitChannel[];
  readonly receive: readonly ReceiveChannel[];
  readonly flows?: readonly ReceiveFlow[];
  /** Hz. */
  readonly rate?: number;
  readonly bits?: number;
  /** What could not be read and why, as `latency and AES67 settings: The device does not offer this.` */
  readonly gaps: readonly string[];
}

/** What a device said by itself, or when it was asked about its settings. */
export interface DeviceSettings {
  readonly maker?: string;
  readonly product?: string;
  readonly firmware?: string;
  readonly board?: string;
  /** Hz; what it offers besides the rate it runs at. */
  readonly offeredRates?: readonly number[];
  readonly aes67?: { readonly active: boolean; readonly configured: boolean };
  readonly clock?: {
    readonly role?: 'leader' | 'follower';
    /** Identities, 16 hexadecimal digits. */
    readonly leader: string;
    readonly grandmaster: string;
  };
  /** Packets that came too late since it started, of each stream it receives. */
  readonly latePackets?: readonly number[];
}

/** Where a device can be reached. */
export interface DeviceEndpoint {
  /** Local interface. */
  readonly interface: string;
  readonly address: string;
  readonly arcPort: number;
}

/** A Dante device as far as it is known. */
export interface DanteDevice {
  /** Its name on the network, which also is what subscriptions go by. Never two devices at once have it. */
  readonly name: string;
  /** EUI-64 or MAC and 0000, 16 hexadecimal digits (TXT key `id` of its CMC service). */
  readonly id?: string;
  /** `gone`: it said goodbye or its announcement expired; the rest is what was known then. */
  readonly state: 'present' | 'gone';
  /** ISO 8601: when it last answered or was found. */
  readonly lastSeen: string;
  /** Empty when it is gone. */
  readonly endpoints: readonly DeviceEndpoint[];
  /** Addresses that sessions of it come from; kept when it is gone. */
  readonly addresses: readonly string[];
  readonly reading?: DeviceReading;
  readonly settings: DeviceSettings;
  /** Why nothing could be read, or nothing newer. */
  readonly problem?: string;
}

/** `AVIO-USB` by its maker's word, otherwise the board's name, otherwise undefined. */
export function modelOf({ settings, reading }: DanteDevice): string | undefined {
  const product = [settings.maker, settings.product].filter(Boolean).join(' ');
  return product || settings.board || reading?.identity?.board || undefined;
}

/** `239.69`: where the device takes AES67 streams from; undefined if it has no such mode or has not said. */
export function prefixOf({ reading }: DanteDevice): string | undefined {
  const prefix = reading?.properties?.aes67Prefix;
  return prefix?.split('.').slice(0, 2).join('.');
}
