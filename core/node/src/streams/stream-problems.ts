import { fail, type TuttiError } from '@tutti/base';
import {
  bytesPerSample,
  classifyIpv4,
  deviceRates,
  maxPayloadBytes,
  senderFramesPerPacket,
} from '@tutti/model';
import { hasCodec, type PlanEnvironment } from './plan-environment.ts';

/** Most channels of one stream (ST 2110-30 level C). */
export const maxStreamChannels = 64;
/** Nominal packet times of AES67-2018 section 7.2, ms, longest first. */
const packetTimes = [4, 1, 1 / 3, 0.25, 0.125];

export function unknownCodec(
  environment: PlanEnvironment,
  encoding: string,
  field: string,
): TuttiError | undefined {
  if (hasCodec(environment, encoding)) return undefined;
  const known = environment.libraries.filter((each) => each.kind === 'codec').map((each) => each.id);
  const fix =
    known.length > 0 ? `codecs here: ${known.join(', ')}` : 'enable an extension that brings codecs';
  return fail('unsupported', `no extension that is enabled has a codec for ${encoding}`, { field, fix });
}

export function tooManyChannels(channels: number, field: string): TuttiError | undefined {
  if (channels <= maxStreamChannels) return undefined;
  return fail('limit', `a stream has at most ${maxStreamChannels} channels, this one ${channels}`, { field });
}

/** What to do at rates that no device has. DSD256 as plain DoP is the one that people meet: it needs 705,600 Hz. */
export function beyondDeviceFix(rate: number): string | undefined {
  if (rate <= Math.max(...deviceRates)) return undefined;
  return `no device runs at ${rate} Hz; DSD256 keeps its bits in pairs of channels, which needs 352800 Hz`;
}

export function interfaceGone(name: string): TuttiError {
  return fail('interfaceGone', `the network interface ${name} is not there, or is down`, {
    field: 'interface',
    fix: 'plug it in; the stream comes back by itself',
  });
}

/** A packet must fit 1440 bytes (AES67-2018 section 6.3). The fix names what would fit. */
export function payloadTooLarge(
  encoding: string,
  channels: number,
  packetTime: number,
  rate: number,
): TuttiError | undefined {
  const bytes = bytesPerSample(encoding);
  if (bytes === undefined) return undefined;
  const sizeFor = (time: number): number => senderFramesPerPacket(time, rate) * channels * bytes;
  const size = sizeFor(packetTime);
  if (size > 0 && size <= maxPayloadBytes) return undefined;
  if (size === 0)
    return fail('invalid', `${packetTime} ms is less than one frame at ${rate} Hz`, { field: 'ptime' });
  const mostChannels = Math.floor(maxPayloadBytes / (senderFramesPerPacket(packetTime, rate) * bytes));
  const longest = packetTimes.find((time) => sizeFor(time) > 0 && sizeFor(time) <= maxPayloadBytes);
  const fixes = [
    ...(mostChannels > 0 ? [`at ${packetTime} ms at most ${mostChannels} channels fit`] : []),
    ...(longest === undefined
      ? []
      : [`${channels} channels fit with a ptime of ${Number(longest.toFixed(3))} ms`]),
  ];
  return fail('limit', `a packet would carry ${size} bytes, ${maxPayloadBytes} are allowed`, {
    field: 'ptime',
    ...(fixes.length > 0 && { fix: fixes.join('; ') }),
  });
}

/** A group that streams may use: multicast, but not link-local control (224.0.0.0/24). */
export function isStreamGroup(address: string): boolean {
  return classifyIpv4(address) === 'multicast';
}
