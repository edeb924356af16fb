import { createSocket, type Socket } from 'node:dgram';
import { toDisposable, toProblem, type Disposable } from '@tutti/base';
import { mdnsPort, type Source } from './mdns-link.ts';

export const mdnsGroup = '224.0.0.251';
/** Every message has it (RFC 6762 section 11): routers would take one away. */
const ttl = 255;

/**
 * The socket of one interface. It is bound to the group, so that on Linux it hears the group only; there it hears it on all
 * interfaces that anybody joined, which is why the link looks at the source of what comes.
 */
export function openLinkSocket(
  address: string,
  onMessage: (bytes: Uint8Array, from: Source) => void,
  onError: (message: string) => void,
): { readonly send: (bytes: Buffer, to?: Source) => void; readonly ready: Promise<void> } & Disposable {
  const socket: Socket = createSocket({ type: 'udp4', reuseAddr: true });
  let isOpen = false;
  const failed = (error: unknown): void => onError(toProblem(error).message);
  socket.on('error', failed);
  socket.on('message', onMessage);
  const ready = new Promise<void>((resolve) => {
    socket.once('error', () => resolve());
    socket.bind(mdnsPort, mdnsGroup, () => {
      try {
        socket.addMembership(mdnsGroup, address);
        socket.setMulticastInterface(address);
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
      socket.send(bytes, to?.port ?? mdnsPort, to?.address ?? mdnsGroup, (error) => {
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
