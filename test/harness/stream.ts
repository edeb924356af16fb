/** What a stream is like on the wire; enough for a peer to send or receive it. */
export interface Stream {
  readonly encoding: 'L16' | 'L24';
  /** Hz. */
  readonly rate: number;
  readonly channels: number;
  /** Frames in each packet. */
  readonly frames: number;
  /** Multicast group. */
  readonly address: string;
  readonly port: number;
  readonly payloadType: number;
}

/** Largest RTP payload that AES67-2018 s.6.3 allows, bytes. */
export const maxPayload = 1440;

/** Packet times are named by what they last at 48 kHz; AES67-2018 s.7.2 keeps the counts of 48 kHz at 44.1 kHz. */
export function framesOf(rate: number, milliseconds: number): number {
  const family = rate % 44_100 === 0 ? (rate / 44_100) * 48_000 : rate;
  return Math.round((family * milliseconds) / 1000);
}

export function sampleBytes(stream: Pick<Stream, 'encoding'>): number {
  return stream.encoding === 'L16' ? 2 : 3;
}

export function payloadBytes(stream: Pick<Stream, 'encoding' | 'channels' | 'frames'>): number {
  return stream.frames * stream.channels * sampleBytes(stream);
}

/** Name that `prbs` and the raw formats of the peers use for what is on the wire. */
export function wireFormat(stream: Pick<Stream, 'encoding'>): 's16be' | 's24be' {
  return stream.encoding === 'L16' ? 's16be' : 's24be';
}

/** Milliseconds a packet lasts, as an SDP says it: right to within half a sample (AES67-2018 s.8.1). */
export function ptimeText(stream: Pick<Stream, 'frames' | 'rate'>): string {
  return String(Number(((stream.frames * 1000) / stream.rate).toFixed(4)));
}

/** An SDP as a simple foreign sender would write it: nothing about our clock. Written here by hand, not by our own writer. */
export function foreignSdp(stream: Stream, source: string, name: string, id = 1): string {
  return [
    'v=0',
    `o=- ${id} 1 IN IP4 ${source}`,
    `s=${name}`,
    `c=IN IP4 ${stream.address}/32`,
    't=0 0',
    `m=audio ${stream.port} RTP/AVP ${stream.payloadType}`,
    `a=rtpmap:${stream.payloadType} ${stream.encoding}/${stream.rate}/${stream.channels}`,
    `a=ptime:${ptimeText(stream)}`,
    'a=recvonly',
    '',
  ].join('\r\n');
}
