/** Payloads of the UDP datagrams over IPv4 or IPv6 in a classic pcap file, of one port or of all. */
export function datagramsOf(pcap: Buffer, port?: number): Buffer[] {
  const little = pcap.readUInt32LE(0) === 0xa1b2c3d4;
  const u32 = (at: number): number => (little ? pcap.readUInt32LE(at) : pcap.readUInt32BE(at));
  const linkType = u32(20);
  const linkBytes = linkType === 1 ? 14 : linkType === 113 ? 16 : 0;
  const found: Buffer[] = [];
  for (let at = 24; at + 16 <= pcap.length;) {
    const length = u32(at + 8);
    const packet = pcap.subarray(at + 16 + linkBytes, at + 16 + length);
    at += 16 + length;
    const version = (packet[0] ?? 0) >> 4;
    const udp = packet.subarray(version === 6 ? 40 : ((packet[0] ?? 0) & 15) * 4);
    const protocol = version === 6 ? packet[6] : packet[9];
    if (protocol !== 17 || udp.length < 8) continue;
    if (port === undefined || udp.readUInt16BE(0) === port || udp.readUInt16BE(2) === port)
      found.push(udp.subarray(8));
  }
  return found;
}
