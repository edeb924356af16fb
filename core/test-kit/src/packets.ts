/** The fixed header of RTP (RFC 3550 section 5.1). */
export interface RtpHeader {
  /** 0 to 127. */
  readonly payloadType: number;
  /** Taken modulo 2^16. */
  readonly sequence: number;
  /** Taken modulo 2^32. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly marker?: boolean;
}

/** An RTP packet without CSRC list, extension and padding. */
export function rtpPacket(header: RtpHeader, payload: Uint8Array): Uint8Array {
  const packet = Buffer.alloc(12 + payload.length);
  packet[0] = 0x80; // version 2
  packet[1] = (header.marker === true ? 0x80 : 0) | (header.payloadType & 0x7f);
  packet.writeUInt16BE(header.sequence & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc >>> 0, 8);
  packet.set(payload, 12);
  return packet;
}

export interface RtpStreamOptions {
  readonly payloadType: number;
  readonly framesPerPacket: number;
  /** Wire bytes of one frame, all channels. */
  readonly frameBytes: number;
  /** Fills the payload of the packet whose first frame has this timestamp; silence unless given. */
  readonly fill?: (payload: Buffer, timestamp: number) => void;
  readonly ssrc?: number;
  readonly firstSequence?: number;
  readonly firstTimestamp?: number;
}

/** Packets of one stream, as long as somebody asks for them: numbers and timestamps rise and wrap as a sender's do. */
export function* rtpStream(options: RtpStreamOptions): Generator<Uint8Array, never> {
  const { payloadType, framesPerPacket, frameBytes, fill, ssrc = 0x7e57, firstSequence = 0 } = options;
  let timestamp = options.firstTimestamp ?? 0;
  for (let sequence = firstSequence; ; sequence += 1) {
    const payload = Buffer.alloc(framesPerPacket * frameBytes);
    fill?.(payload, timestamp);
    yield rtpPacket({ payloadType, sequence, timestamp, ssrc }, payload);
    timestamp = (timestamp + framesPerPacket) >>> 0;
  }
}

/** A SAP message (RFC 2974 section 3) with an IPv4 origin. */
export interface SapMessage {
  readonly kind: 'announce' | 'delete';
  /** 16 bits. */
  readonly hash: number;
  /** IPv4 address of who announces. */
  readonly origin: string;
  /** The description; of a deletion often the o= line only. */
  readonly payload: string;
}

export function sapPacket({ kind, hash, origin, payload }: SapMessage): Uint8Array {
  const flags = 0x20 | (kind === 'delete' ? 0x04 : 0); // version 1
  const header = [flags, 0, (hash >> 8) & 0xff, hash & 0xff, ...origin.split('.').map(Number)];
  return Buffer.concat([Uint8Array.from(header), Buffer.from(`application/sdp\0${payload}`, 'utf8')]);
}
