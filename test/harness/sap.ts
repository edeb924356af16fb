import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, type Lab, type Station } from './lab.ts';

/** Group and port of SAP in the administrative scope that AES67, Dante and RAVENNA use (RFC 2974 s.3, protocols in the field). */
export const sapGroup = '239.255.255.255';
export const sapPort = 9875;

/** One SAP packet for IPv4 (RFC 2974 s.6), with its payload type named, as Dante and Merging send it. */
export function sapPacket(sdp: string, source: string, kind: 'announce' | 'delete' = 'announce'): Buffer {
  const hash = createHash('sha256').update(sdp).digest().subarray(0, 2);
  const flags = kind === 'announce' ? 0x20 : 0x24;
  const origin = source.split('.').map(Number);
  return Buffer.concat([
    Buffer.from([flags, 0]),
    hash,
    Buffer.from(origin),
    Buffer.from(`application/sdp\0${sdp}`),
  ]);
}

/** Sends one SAP packet from the station; resolves with the time of its departure, ms since 1970. */
export async function announce(
  lab: Lab,
  from: Station,
  sdp: string,
  kind: 'announce' | 'delete' = 'announce',
): Promise<number> {
  const packet = lab.file('sap.bin');
  writeFileSync(packet, sapPacket(sdp, from.address, kind));
  const tool = join(repository, 'test/tools/send-datagram.mjs');
  const sent = await lab.run(from, process.execPath, [tool, sapGroup, String(sapPort), from.address, '255'], {
    stdin: packet,
  });
  return Number(sent.stdout);
}
