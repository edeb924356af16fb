import { ok, type Result } from '@tutti/base';
import type { ShowLockInfo, TimingKind } from '@tutti/common';
import { deviceChannels, deviceRates, type SessionStream } from '@tutti/model';
import { checkWith } from './schema.ts';

/** Longest name of a receiver or sender that is kept; `s=` of a description may be longer. */
export const maxStoredName = 256;

/** What a host remembers: the whole state that a person made. Channels and device positions count from 0. */
export interface StoredState {
  readonly device: StoredDevice;
  readonly clockSource: string;
  readonly receivers: readonly StoredReceiver[];
  readonly senders: readonly StoredSender[];
  /** Number of the next receiver or sender: ids are never used twice. */
  readonly nextId: number;
  readonly disabledExtensions: readonly string[];
  /** Those that crashed or hung too often, until a person enables them. */
  readonly quarantinedExtensions?: readonly {
    readonly id: string;
    readonly reason: 'crashed' | 'unresponsive';
    readonly message: string;
  }[];
  /** Extensions from outside whose native code may be loaded, each with its version and what its libraries are (`trustOf`). */
  readonly trustedExtensions?: readonly string[];
  readonly showLock?: ShowLockInfo;
}

export interface StoredDevice {
  readonly name: string;
  readonly rate: number;
  readonly inputs: number;
  readonly outputs: number;
}

export interface StoredReceiver {
  readonly id: string;
  readonly name: string;
  /** Session of the catalogue that it follows; absent if it was made from a text. */
  readonly sessionId?: string;
  /** Which stream of the session, from 0. */
  readonly streamIndex: number;
  /** The stream as it was read, so that a restart needs neither the network nor an extension to know it. */
  readonly stream: SessionStream;
  /** PTP domain that the session names for all its streams. */
  readonly clockDomain?: number;
  /** Where its description was fetched, and is followed. */
  readonly url?: string;
  /** Port of this machine that its packets are sent to on request, by who answers at `url` (see `stream.control`). */
  readonly port?: number;
  /** Names of the interfaces to join on, one for each leg. */
  readonly interfaces: readonly string[];
  /** Absent: the default for its timing. */
  readonly linkOffsetMs?: number;
  readonly timing: 'auto' | TimingKind;
  /** The codec that a person chose for it; absent: the one that fits. */
  readonly codec?: string;
  /** `[stream channel, device input]`. */
  readonly routes: readonly (readonly [number, number])[];
}

export interface StoredSender {
  readonly id: string;
  readonly name: string;
  readonly encoding: string;
  readonly channels: number;
  /** Nominal packet time, ms. */
  readonly packetTime: number;
  readonly payloadType: number;
  readonly legs: readonly { readonly address: string; readonly port: number; readonly interface: string }[];
  readonly dscp: number;
  readonly ttl: number;
  /** `[device output, stream channel]`. */
  readonly routes: readonly (readonly [number, number])[];
  /** Sends outputs that another sender may send too. */
  readonly share: boolean;
  /** `o=` of its description: the id stays for ever, the version rises with every change of the text. */
  readonly sessionId: string;
  readonly sessionVersion: number;
  /** What was published last, without its version; tells whether the version must rise. */
  readonly published?: string;
}

export const storedStateVersion = 1;

export const initialState: StoredState = {
  device: { name: 'AES67 Device', rate: 48000, inputs: deviceChannels, outputs: deviceChannels },
  clockSource: 'system',
  receivers: [],
  senders: [],
  nextId: 1,
  disabledExtensions: [],
};

const integer = (minimum: number, maximum: number): object => ({ type: 'integer', minimum, maximum });
const text = (maxLength: number): object => ({ type: 'string', maxLength });
const object = (required: Record<string, object>, optional: Record<string, object> = {}): object => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
});
const list = (items: object): object => ({ type: 'array', items, maxItems: 1024 });
const routes = list({ type: 'array', items: integer(0, deviceChannels - 1), minItems: 2, maxItems: 2 });
const stream = object(
  {
    encoding: text(64),
    rate: integer(1, 1_536_000),
    channels: integer(1, 128),
    payloadType: integer(0, 127),
    legs: list(object({ address: text(64), port: integer(1, 65535), sources: list(text(64)) })),
    referenceClocks: list({ type: 'object' }),
    channelLabels: list(text(1024)),
  },
  { control: text(1024) },
);

const validate = checkWith(
  object(
    {
      device: object({
        name: text(64),
        rate: { enum: deviceRates },
        inputs: integer(1, deviceChannels),
        outputs: integer(1, deviceChannels),
      }),
      clockSource: text(64),
      nextId: integer(1, Number.MAX_SAFE_INTEGER),
      disabledExtensions: list(text(200)),
      receivers: list(
        object(
          {
            id: text(32),
            name: text(maxStoredName),
            streamIndex: integer(0, 63),
            stream,
            interfaces: list(text(64)),
            timing: { enum: ['auto', 'shared', 'resample', 'arrival'] },
            routes,
          },
          {
            sessionId: text(64),
            clockDomain: integer(0, 255),
            linkOffsetMs: { type: 'number', minimum: 0, maximum: 10000 },
            codec: text(32),
            url: text(1024),
            port: integer(1, 65535),
          },
        ),
      ),
      senders: list(
        object(
          {
            id: text(32),
            name: text(maxStoredName),
            encoding: text(32),
            channels: integer(1, deviceChannels),
            packetTime: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
            payloadType: integer(0, 127),
            legs: list(object({ address: text(64), port: integer(1, 65535), interface: text(64) })),
            dscp: integer(0, 63),
            ttl: integer(1, 255),
            routes,
            share: { type: 'boolean' },
            sessionId: text(32),
            sessionVersion: integer(0, Number.MAX_SAFE_INTEGER),
          },
          { published: text(65536) },
        ),
      ),
    },
    {
      quarantinedExtensions: list(
        object({ id: text(200), reason: { enum: ['crashed', 'unresponsive'] }, message: text(1024) }),
      ),
      trustedExtensions: list(text(300)),
      showLock: object({ since: text(32) }, { note: text(200) }),
    },
  ),
);

/** Reads what a state file holds; an error says where it is not as it must be. */
export function readStoredState(value: unknown): Result<StoredState, string> {
  const problem = validate(value);
  return problem === undefined ? ok(value as StoredState) : { ok: false, error: problem };
}
