import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { fail } from '@tutti/base';
import { isMulticast, type SessionStream } from '@tutti/model';

/**
 * Where ports for streams by unicast are taken from: what RTP uses by convention, below those that systems hand out by
 * themselves (Linux from 32768, macOS from 49152).
 */
const portRange = { from: 16_384, to: 32_768 } as const;
const attempts = 50;
/** Which port does not matter: a datagram socket that is connected has sent nothing. */
const discardPort = 9;

/** Whether a stream is sent only to who asks for it at its URL (RTSP by unicast), and then to an address of the asker's. */
export function isSentOnRequest(stream: SessionStream, url: string | undefined): boolean {
  const goesToGroup = stream.legs.some(({ address }) => isMulticast(address));
  return url !== undefined && stream.control !== undefined && !goesToGroup;
}

/**
 * A port that nobody on this machine uses, even, with the next one free for RTCP (RFC 3550 section 11).
 *
 * @param taken of receivers that may not be listening at present
 * @throws TuttiError `limit`
 */
export async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (let i = 0; i < attempts; i += 1) {
    const port = 2 * randomInt(portRange.from / 2, portRange.to / 2);
    if (!taken.has(port) && (await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw fail('limit', `no free UDP port between ${portRange.from} and ${portRange.to} was found`, {
    fix: 'end programs that hold many ports',
  });
}

/**
 * Addresses that tell which interface leads to the host of a URL, the likeliest first: ours that packets to it leave from by
 * the system's routes, and its own if it is written as an address. Nothing is sent.
 */
export async function addressesTowards(url: string): Promise<readonly string[]> {
  const host = /^[^/]*\/\/(?:[^@/]*@)?([^:/]*)/.exec(url)?.[1] ?? '';
  const ours = host === '' ? undefined : await addressTowards(host);
  return [...(ours === undefined ? [] : [ours]), ...(isIPv4(host) ? [host] : [])];
}

function addressTowards(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const answer = (address: string | undefined): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => answer(undefined));
    socket.connect(discardPort, host, () => answer(socket.address().address));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
