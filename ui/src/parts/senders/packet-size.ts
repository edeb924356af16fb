import { bytesPerSample, maxPayloadBytes, parseChannelList, senderFramesPerPacket } from '@tutti/model';

export interface PacketSize {
  /** `8 ch × 48 frames: 1152 of 1440 bytes.` */
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
    return { text: `A packet carries up to ${maxPayloadBytes} bytes.`, tooBig: false };
  const frames = senderFramesPerPacket(entry.ptime, entry.rate);
  const channels = outputs.value.length;
  const bytes = channels * frames * sample;
  const text = `${channels} ch × ${frames} frames: ${bytes} of ${maxPayloadBytes} bytes.`;
  return bytes > maxPayloadBytes
    ? { text: `${text} Too big: fewer channels or a shorter packet time fit.`, tooBig: true }
    : { text, tooBig: false };
}
