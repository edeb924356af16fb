import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Logger, NetworkInterface } from '@tutti/api';
import type { Disposable } from '@tutti/base';

/** Milliseconds between looks after the socket and its memberships. */
const careMs = 5_000;

export interface GroupSocketOptions {
  readonly group: string;
  readonly port: number;
  readonly log: Logger;
  readonly onMessage: (bytes: Uint8Array, from: RemoteInfo) => void;
}

/** Hears one multicast group on every interface it is told. Failures are logged once, and tried again by themselves. */
export class GroupSocket implements Disposable {
  readonly #options: GroupSocketOptions;
  readonly #care: NodeJS.Timeout;
  #socket: Socket | undefined;
  #interfaces: readonly NetworkInterface[] = [];
  #failed = false;

  constructor(options: GroupSocketOptions, interfaces: readonly NetworkInterface[]) {
    this.#options = options;
    this.#care = setInterval(() => this.#lookAfter(), careMs);
    this.#care.unref();
    this.setInterfaces(interfaces);
  }

  setInterfaces(interfaces: readonly NetworkInterface[]): void {
    this.#interfaces = interfaces;
    this.#lookAfter();
  }

  dispose(): void {
    clearInterval(this.#care);
    this.#close();
  }

  #lookAfter(): void {
    if (this.#socket) this.#join(this.#socket);
    else this.#open();
  }

  #open(): void {
    const { group, port, onMessage } = this.#options;
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    this.#socket = socket;
    socket.unref();
    socket.on('message', onMessage);
    socket.on('error', (error) => {
      if (this.#socket === socket) this.#close();
      this.#report(`Cannot listen on ${group}:${port}: ${error.message}.`);
    });
    socket.bind(port, group, () => this.#join(socket));
  }

  /** Joins what is not joined: the kernel refuses what is, and drops memberships of interfaces that go. */
  #join(socket: Socket): void {
    let failure: string | undefined;
    for (const { name, address } of this.#interfaces) {
      try {
        socket.addMembership(this.#options.group, address);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        // EBADF and the like: the socket is still being bound, and joins then.
        if (code === 'ENODEV' || code === 'EADDRNOTAVAIL')
          failure = `Cannot join ${this.#options.group} on ${name}.`;
      }
    }
    if (failure === undefined) this.#failed = false;
    else this.#report(failure);
  }

  #report(message: string): void {
    if (this.#failed) return;
    this.#failed = true;
    const { group, port, log } = this.#options;
    log.warn('dante.listen-failed', `${message} Trying again by itself.`, { group, port });
  }

  #close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.removeAllListeners('message');
    try {
      socket?.close();
    } catch {
      // It was never bound.
    }
  }
}
