import { createSocket, type Socket } from 'node:dgram';
import { toDisposable, toProblem, type Disposable } from '@tutti/base';
import { mdnsPort, type Source } from './mdns-link.ts';

export const mdnsGroup = '224.0.0.251';
export const mdnsGroup6 = 'ff02::fb';
/** Every message has it (RFC 6762 section 11): routers would take one away. */
const ttl = 255;

export interface LinkSocket extends Disposable {
  /** To the group, or to one asker. */
  send(bytes: Buffer, to?: Source): void;
  /** Resolves when it is open, or cannot be opened. */
  readonly ready: Promise<void>;
}

export interface LinkSocketEvents {
  readonly onMessage: (bytes: Uint8Array, from: Source) => void;
  readonly onError: (message: string) => void;
}

/** What is different between the two families. */
interface Family {
  readonly type: 'udp4' | 'udp6';
  readonly group: string;
  /** The interface, as its system call wants it. */
  readonly via: string;
}

/** The socket of one interface over IPv4. @param address of that interface */
export function openLinkSocket(address: string, events: LinkSocketEvents): LinkSocket {
  return open({ type: 'udp4', group: mdnsGroup, via: address }, events);
}

/**
 * The socket of one interface over IPv6. Machines and interfaces without IPv6 are nothing unusual: what fails here is not
 * reported.
 *
 * @param name of that interface
 */
export function openLinkSocket6(name: string, onMessage: LinkSocketEvents['onMessage']): LinkSocket {
  const family: Family = { type: 'udp6', group: `${mdnsGroup6}%${name}`, via: `::%${name}` };
  return open(family, { onMessage, onError: () => undefined });
}

/**
 * The socket is bound to the group, so that on Linux it hears the group only; there one of IPv4 hears it on all interfaces
 * that anybody joined, which is why the link looks at the source of what comes.
 */
function open({ type, group, via }: Family, { onMessage, onError }: LinkSocketEvents): LinkSocket {
  const socket: Socket = createSocket({ type, reuseAddr: true, ...(type === 'udp6' && { ipv6Only: true }) });
  let isOpen = false;
  const failed = (error: unknown): void => onError(toProblem(error).message);
  socket.on('error', failed);
  socket.on('message', onMessage);
  const ready = new Promise<void>((resolve) => {
    socket.once('error', () => resolve());
    socket.bind(mdnsPort, group, () => {
      try {
        socket.addMembership(group.replace(/%.*/, ''), via);
        socket.setMulticastInterface(via);
        socket.setMulticastTTL(ttl);
        socket.setTTL(ttl);
        socket.setMulticastLoopback(true);
        isOpen = true;
      } catch (error) {
        failed(error);
      }
      resolve();
    });
  });
  return {
    ready,
    send: (bytes, to) => {
      if (!isOpen) return;
      socket.send(bytes, to?.port ?? mdnsPort, to?.address ?? group, (error) => {
        // An interface that goes takes its last messages with it.
        if (error !== null && isOpen) failed(error);
      });
    },
    ...toDisposable(() => {
      isOpen = false;
      // What was handed over last, a goodbye, is still sent.
      setImmediate(() => socket.close());
    }),
  };
}
