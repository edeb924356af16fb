/** A description of a session of ours, small. */
export function description(name: string, { id = '1', version = '1', address = '127.0.0.1' } = {}): string {
  return [
    'v=0',
    `o=- ${id} ${version} IN IP4 ${address}`,
    `s=${name}`,
    'c=IN IP4 239.69.7.7/32',
    't=0 0',
    'm=audio 5004 RTP/AVP 96',
    'a=rtpmap:96 L24/48000/2',
    '',
  ].join('\r\n');
}

/** UDP payloads of a capture (pcap, Ethernet, IPv4), with the source address: what the tests need and no more. */
export function udpPayloads(pcap: Buffer): { readonly source: string; readonly payload: Buffer }[] {
  const little = pcap.readUInt32LE(0) === 0xa1b2c3d4;
  const length = (at: number): number => (little ? pcap.readUInt32LE(at) : pcap.readUInt32BE(at));
  const packets: { source: string; payload: Buffer }[] = [];
  for (let at = 24; at + 16 <= pcap.length; at += 16 + length(at + 8)) {
    const frame = pcap.subarray(at + 16, at + 16 + length(at + 8));
    if (frame.readUInt16BE(12) !== 0x0800 || frame[23] !== 17) continue;
    const udp = 14 + ((frame[14] ?? 0) & 15) * 4;
    packets.push({
      source: frame.subarray(26, 30).join('.'),
      payload: frame.subarray(udp + 8, udp + frame.readUInt16BE(udp + 4)),
    });
  }
  return packets;
}
