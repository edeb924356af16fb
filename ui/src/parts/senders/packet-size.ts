import { localize } from '../../localize/localize.ts';
import { bytesPerSample, maxPayloadBytes, parseChannelList, senderFramesPerPacket } from '@tutti/model';

/** What a packet weighs on an Ethernet link beside its samples: preamble, frame, gap (38), IPv4 (20), UDP (8), RTP (12). */
const headerBytes = 78;

export interface PacketSize {
  /** `8 ch × 48 frames: 1152 of 1440 bytes. 9.8 Mbit/s, 1000 packets/s.` */
  readonly text: string;
  readonly tooBig: boolean;
}

/** What a sender's packets will weigh, as it is being entered. */
export function packetSize(entry: {
  readonly channels: string;
  readonly format: string;
  /** Milliseconds. */
  readonly ptime: number;
  /** Hz. */
  readonly rate: number;
}): PacketSize {
  const outputs = parseChannelList(entry.channels);
  const sample = bytesPerSample(entry.format);
  if (!outputs.ok || sample === undefined)
    return {
      text: localize('packet.limit', 'A packet carries up to {0} bytes.', maxPayloadBytes),
      tooBig: false,
    };
  const frames = senderFramesPerPacket(entry.ptime, entry.rate);
  const channels = outputs.value.length;
  const bytes = channels * frames * sample;
  const packets = entry.rate / frames;
  const megabits = ((bytes + headerBytes) * 8 * packets) / 1e6;
  const bandwidth = localize(
    'packet.bandwidth',
    '{0} Mbit/s, {1} packets/s.',
    megabits.toFixed(1),
    Math.round(packets),
  );
  const text =
    localize(
      'packet.size',
      '{0} ch × {1} frames: {2} of {3} bytes.',
      channels,
      frames,
      bytes,
      maxPayloadBytes,
    ) + ` ${bandwidth}`;
  return bytes > maxPayloadBytes
    ? {
        text: `${text} ${localize('packet.tooBig', 'Too big: fewer channels or a shorter packet time fit.')}`,
        tooBig: true,
      }
    : { text, tooBig: false };
}
