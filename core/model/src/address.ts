import { err, ok, type Problem, type Result } from '@tutti/base';

/** What an IPv4 address is good for (RFC 1122 section 3.2.1.3, RFC 5771, RFC 2365, RFC 3927). */
export type Ipv4Class =
  | 'unspecified' // 0.0.0.0/8: "this network"
  | 'loopback' // 127.0.0.0/8
  | 'linkLocalMulticast' // 224.0.0.0/24: never leaves the link, kept for routing and discovery protocols
  | 'multicast' // 224.0.0.0/4
  | 'reserved' // 240.0.0.0/4
  | 'broadcast' // 255.255.255.255
  | 'unicast';

/** Where a stream goes. */
export interface Destination {
  readonly address: string;
  readonly port: number;
}

/** Default RTP port (AES67-2018 section 6.3, RFC 3551 section 8). */
export const defaultRtpPort = 5004;

const dottedQuad = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Four octets of a dotted quad, or undefined. Leading zeros are refused: some systems read them as octal. */
export function parseIpv4(text: string): readonly [number, number, number, number] | undefined {
  const match = dottedQuad.exec(text);
  if (!match) return undefined;
  const octets: [number, number, number, number] = [0, 0, 0, 0];
  for (const i of [0, 1, 2, 3] as const) {
    const digits = match[i + 1] ?? '';
    const octet = Number(digits);
    if (octet > 255 || (digits.length > 1 && digits.startsWith('0'))) return undefined;
    octets[i] = octet;
  }
  return octets;
}

/** Class of an address; undefined if the text is not an IPv4 address. */
export function classifyIpv4(text: string): Ipv4Class | undefined {
  const octets = parseIpv4(text);
  if (!octets) return undefined;
  const [a, b, c, d] = octets;
  if (a === 0) return 'unspecified';
  if (a === 127) return 'loopback';
  if (a === 224 && b === 0 && c === 0) return 'linkLocalMulticast';
  if (a >= 224 && a <= 239) return 'multicast';
  if (a === 255 && b === 255 && c === 255 && d === 255) return 'broadcast';
  return a >= 240 ? 'reserved' : 'unicast';
}

/** True for 224.0.0.0/4, link-local groups included. */
export function isMulticast(text: string): boolean {
  const kind = classifyIpv4(text);
  return kind === 'multicast' || kind === 'linkLocalMulticast';
}

/** True for 239.0.0.0/8, the range AES67-2018 section 6.3 asks for (RFC 2365). */
export function isAdminScoped(text: string): boolean {
  return parseIpv4(text)?.[0] === 239;
}

/**
 * True when both addresses lie in the same subnet. False if one of the three texts is no IPv4 address.
 * @param netmask dotted quad, as in 255.255.255.0
 */
export function inSameSubnet(one: string, other: string, netmask: string): boolean {
  const left = parseIpv4(one);
  const right = parseIpv4(other);
  const mask = parseIpv4(netmask);
  if (!left || !right || !mask) return false;
  return mask.every((bits, i) => ((left[i] ?? 0) & bits) === ((right[i] ?? 0) & bits));
}

/** Why a stream cannot go to an address, as a sentence; undefined when it can. */
export function refuseDestination(address: string): string | undefined {
  switch (classifyIpv4(address)) {
    case undefined:
      return `"${address}" is not an IPv4 address.`;
    case 'unspecified':
      return `${address} is no place a stream can go to.`;
    case 'loopback':
      return `${address} is the machine itself, not the network.`;
    case 'broadcast':
    case 'reserved':
      return `${address} is not a multicast group nor the address of one machine.`;
    case 'linkLocalMulticast':
      return `${address} belongs to the network's own protocols (224.0.0.0/24) and is not for streams.`;
    case 'multicast':
    case 'unicast':
      return undefined;
  }
}

/** Reads `239.x.y.z` or `239.x.y.z:5004`, as on the command line. Without a port it is {@link defaultRtpPort}. */
export function parseDestination(text: string, field = 'dest'): Result<Destination> {
  const [address = '', portText, ...rest] = text.trim().split(':');
  const fix = 'Write a multicast group and a port, as in 239.69.1.10:5004.';
  const invalid = (message: string): Result<Destination> =>
    err<Problem>({ code: 'invalid', field, message, fix });
  if (rest.length > 0) return invalid(`"${shorten(text)}" is not an address with a port.`);
  const refusal = refuseDestination(shorten(address));
  if (refusal !== undefined) return invalid(refusal);
  if (portText === undefined) return ok({ address, port: defaultRtpPort });
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65535) return invalid(`"${shorten(portText)}" is not a port from 1 to 65535.`);
  return ok({ address, port });
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
