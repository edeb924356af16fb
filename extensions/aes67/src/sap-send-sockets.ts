import { createSocket, type Socket } from 'node:dgram';
import type { Logger } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { sapTtl } from './sap-constants.ts';

/**
 * One sending socket for each local address, so that announcements leave by the interface of their stream and carry its
 * address as source. A socket that fails is thrown away and made anew at the next announcement; failing is logged once.
 */
export class SapSendSockets implements Disposable {
  readonly #log: Logger;
  readonly #sockets = new Map<string, Promise<Socket>>();
  readonly #failing = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Resolves when the kernel has taken the message, or has not. Never rejects. */
  async send(message: Uint8Array, address: string, group: string, port: number): Promise<void> {
    try {
      const socket = await this.#socketFor(address);
      await new Promise<void>((resolve, reject) => {
        socket.send(message, port, group, (error) => (error ? reject(error) : resolve()));
      });
      if (this.#failing.delete(address)) {
        this.#log.info('sap.send-recovered', `Announcements leave by ${address} again.`, { address });
      }
    } catch (error) {
      this.#drop(address);
      if (this.#failing.has(address)) return;
      this.#failing.add(address);
      const reason = error instanceof Error ? error.message : String(error);
      const text = `Cannot announce on ${group} from ${address}: ${reason}. Trying again at the next interval.`;
      this.#log.warn('sap.send-failed', text, { address, group });
    }
  }

  /** The next message of each address goes through a new socket. */
  renew(): void {
    for (const address of [...this.#sockets.keys()]) this.#drop(address);
  }

  dispose(): void {
    this.renew();
  }

  #socketFor(address: string): Promise<Socket> {
    const open = this.#sockets.get(address);
    if (open) return open;
    const opening = openSocket(address);
    this.#sockets.set(address, opening);
    return opening;
  }

  #drop(address: string): void {
    const dropped = this.#sockets.get(address);
    this.#sockets.delete(address);
    dropped?.then(
      (socket) => socket.close(),
      () => undefined,
    );
  }
}

/** A socket bound to a local address, multicasting by that interface; programs on this machine hear it, too. */
function openSocket(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(0, address, () => {
      try {
        socket.setMulticastInterface(address);
        socket.setMulticastTTL(sapTtl);
        socket.setMulticastLoopback(true);
      } catch (error) {
        socket.close();
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      socket.removeAllListeners('error');
      // Later errors come back through the callback of send.
      socket.on('error', () => undefined);
      socket.unref();
      resolve(socket);
    });
  });
}
