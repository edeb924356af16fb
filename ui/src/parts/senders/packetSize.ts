import { bytesPerSample, maxPayloadBytes, senderFramesPerPacket } from '@tutti/model';
import { readRanges } from '../../widgets/words.ts';

/** What a sender's packets will weigh, as it is being entered: `8 ch × 48 frames: 1152 of 1440 bytes`. */
export function packetSize(entry: {
  readonly channels: string;
  readonly format: string;
  readonly ptime: number;
  readonly rate: number;
}): string {
  const channels = readRanges(entry.channels)?.length;
  const sample = bytesPerSample(entry.format);
  if (channels === undefined || sample === undefined) return 'A packet carries up to 1440 bytes.';
  const frames = senderFramesPerPacket(entry.ptime, entry.rate);
  const bytes = channels * frames * sample;
  const size = `${channels} ch × ${frames} frames: ${bytes} of ${maxPayloadBytes} bytes`;
  return bytes > maxPayloadBytes
    ? `${size}, too big. Fewer channels or a shorter packet time fit.`
    : `${size}.`;
}
