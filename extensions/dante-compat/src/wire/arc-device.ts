import type { Result } from '@tutti/base';
import { arcOpcode } from './arc-requests.ts';
import { headerLength, readerOf, type ControlMessage } from './control-message.ts';
import type { WireProblem } from './wire-reader.ts';

/**
 * How much of everything a device has. Certain: `transmit` and `receive` (128 each on the LX-DANTE, 64 and 1 on the AD4D,
 * 2 and 2 on an AVIO: arc/*_get_channel_count_response.bin, wire/protocol_27FF_opcode_1000_id_53117.bin). Likely: `labels`
 * (6, and 6 labels in protocol_2729_opcode_2010_id_23371.bin). From published work only: the limits of flows.
 */
export interface DeviceCounts {
  readonly transmit: number;
  readonly receive: number;
  readonly labels: number;
  readonly channelsPerTransmitFlow: number;
  readonly channelsPerReceiveFlow: number;
  readonly transmitFlows: number;
  readonly receiveFlows: number;
}

export function readCounts(message: ControlMessage): Result<DeviceCounts, WireProblem> {
  const reader = readerOf(message, arcOpcode.counts);
  return reader.result({
    transmit: reader.u16(12),
    receive: reader.u16(14),
    labels: reader.u16(16),
    channelsPerTransmitFlow: reader.u16(18),
    channelsPerReceiveFlow: reader.u16(20),
    transmitFlows: reader.u16(22),
    receiveFlows: reader.u16(24),
  });
}

/** Certain: arc/192_168_1_*_get_device_name_response.bin, six devices. */
export function readName(message: ControlMessage): Result<string, WireProblem> {
  const reader = readerOf(message, arcOpcode.name);
  return reader.result(reader.text(headerLength));
}

/**
 * Who a device is. Certain: all of it, in protocol_27FF_opcode_1003_id_62682.bin (AD4D) and 62693 (AVIO Bluetooth), whose
 * areas lie at different offsets: pointers at 12 and 14 lead to the area of names and that of versions.
 */
export interface DeviceIdentity {
  /** The name it bears at present. */
  readonly name: string;
  /** The name it left the factory with. */
  readonly factoryName: string;
  /** What is inside, as in `DIOBT`. */
  readonly board: string;
  readonly revision: string;
  /** Its version of ARC as a protocol id, as in 0x2809. */
  readonly arcVersion: number;
}

export function readIdentity(message: ControlMessage): Result<DeviceIdentity, WireProblem> {
  const reader = readerOf(message, arcOpcode.identity);
  const names = reader.u16(12);
  const versions = reader.u16(14);
  return reader.result({
    name: reader.textAt(names + 2) ?? '',
    factoryName: reader.textAt(names + 4) ?? '',
    board: reader.textAt(16) ?? '',
    revision: reader.textAt(18) ?? '',
    arcVersion: reader.u16(versions + 8),
  });
}

/**
 * Settings of a device, as far as it has them. Certain, by protocol_2809_opcode_1100_id_4078014.bin (AVIO USB) and
 * protocol_2729_opcode_1100_id_33687.bin (LX-DANTE, which has no AES67 mode): `aes67Prefix` 239.69.0.0 and `rtpPort` 5004 are
 * there on the one and absent on the other; `latencyNs` is what a controller sets (protocol_2729_opcode_1101_id_24601.bin
 * writes 10 ms to 0x8205 and 0x8301). Likely: the bounds of the latency (21.33 ms are 1024 frames).
 */
export interface DeviceProperties {
  /** Receive latency in ns (0x8301). */
  readonly latencyNs?: number;
  readonly minLatencyNs?: number;
  readonly maxLatencyNs?: number;
  /** Frames in a packet that it sends and receives (0x0210, 0x0310). */
  readonly transmitFrames?: number;
  readonly receiveFrames?: number;
  /** Network of its AES67 flows, as in `239.69.0.0` (0x8060): its presence says that the device has an AES67 mode. */
  readonly aes67Prefix?: string;
  /** UDP port of its AES67 flows (0x0222). */
  readonly rtpPort?: number;
}

const property = {
  latency: 0x8301,
  maxLatency: 0x8302,
  minLatency: 0x8306,
  transmitFrames: 0x0210,
  receiveFrames: 0x0310,
  aes67Prefix: 0x8060,
  rtpPort: 0x0222,
} as const;

export function readProperties(message: ControlMessage): Result<DeviceProperties, WireProblem> {
  const reader = readerOf(message, arcOpcode.properties);
  const count = reader.u8(11);
  // Where the value of each code stands. A code of 0 says that the device lacks the property named in the value's place.
  const places = new Map<number, number>();
  for (let i = 0; i < count && !reader.failed; i++) {
    const code = reader.u16(12 + 4 * i);
    if (code !== 0) places.set(code, 14 + 4 * i);
  }
  const value = (code: number): number | undefined => {
    const place = places.get(code);
    return place === undefined ? undefined : reader.u16(place);
  };
  /** Codes with the top bit point to 32 bits. */
  const wide = (code: number): number | undefined => {
    const pointer = value(code);
    return pointer === undefined || pointer === 0 ? undefined : reader.u32(pointer);
  };
  const prefixAt = value(property.aes67Prefix);
  return reader.result(
    withoutAbsent({
      latencyNs: wide(property.latency),
      minLatencyNs: wide(property.minLatency),
      maxLatencyNs: wide(property.maxLatency),
      transmitFrames: value(property.transmitFrames),
      receiveFrames: value(property.receiveFrames),
      aes67Prefix: prefixAt === undefined || prefixAt === 0 ? undefined : reader.ipv4(prefixAt),
      rtpPort: value(property.rtpPort),
    }),
  );
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<T>;
}
