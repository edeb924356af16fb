/** Frames per second. */
export type SampleRate = number;
/** 1 to 128. */
export type ChannelCount = number;

/** Rates the device can run at, in Hz (DESIGN section 8). */
export const deviceRates: readonly SampleRate[] = [
  44100, 48000, 88200, 96000, 176400, 192000, 352800, 384000,
];

/** Channels the device has each way. */
export const deviceChannels = 128;

/** Largest RTP payload that AES67 lets a sender use, in bytes (AES67-2018 section 6.3). */
export const maxPayloadBytes = 1440;

/** Bytes of one sample on the wire, for the linear encodings (RFC 3551 section 4.5.11, RFC 3190 section 4). */
export function bytesPerSample(encoding: string): number | undefined {
  switch (encoding.toUpperCase()) {
    case 'L16':
      return 2;
    case 'L24':
      return 3;
    default:
      return undefined;
  }
}

/**
 * Frames in a packet for a signalled packet time in milliseconds: 0.12 and 0.125 are 6 at 48 kHz, 1.09 is 48 at 44.1 kHz.
 * The text is right to within half a sample (AES67-2018 section 8.1), so rounding gives the count back.
 */
export function framesPerPacket(packetTime: number, rate: SampleRate): number {
  return Math.round((packetTime * rate) / 1000);
}

/** Frames a sender of ours puts in a packet for a nominal AES67 packet time: 44.1 kHz family counts as 48 kHz family. */
export function senderFramesPerPacket(packetTime: number, rate: SampleRate): number {
  const family = rate % 44100 === 0 ? (rate / 44100) * 48000 : rate;
  return Math.round((packetTime * family) / 1000);
}
