import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Logger, NetworkInterface } from '@tutti/api';
import type { Disposable } from '@tutti/base';

/** Milliseconds until a socket that could not be opened is tried again, and between looks after memberships. */
const retryDelay = 5_000;

/** What goes on around a group socket. */
export interface GroupSocketOptions {
  readonly group: string;
  readonly port: number;
  readonly log: Logger;
  readonly onMessage: (bytes: Uint8Array, from: RemoteInfo) => void;
}

/**
 * Hears one multicast group on every interface it is told. It is bound to the group's address, so that each datagram
 * arrives at one socket only (Linux hands a datagram to every socket bound to the port), and joins each interface by
 * itself, which stays clear of the kernel's limit of 20 memberships a socket. Failures are logged once and retried.
 */
export class SapGroupSocket implements Disposable {
  readonly #options: GroupSocketOptions;
  #socket: Socket | undefined;
  #interfaces: readonly NetworkInterface[] = [];
  /** Interfaces that are joined, and those whose failure is logged, as `name address`. */
  readonly #joined = new Set<string>();
  readonly #failed = new Set<string>();
  #openFailed = false;
  #disposed = false;
  readonly #care: NodeJS.Timeout;

  constructor(options: GroupSocketOptions) {
    this.#options = options;
    this.#care = setInterval(() => this.#lookAfter(), retryDelay);
    this.#care.unref();
  }

  /** Opens the socket and joins; resolves when it listens or could not be opened yet. Never rejects. */
  async open(interfaces: readonly NetworkInterface[]): Promise<void> {
    this.#interfaces = interfaces;
    await this.#open();
  }

  /** Leaves what is gone and joins what is new. */
  setInterfaces(interfaces: readonly NetworkInterface[]): void {
    const kept = new Set(interfaces.map(nameOf));
    for (const gone of this.#interfaces.filter((item) => !kept.has(nameOf(item)))) this.#leave(gone);
    this.#interfaces = interfaces;
    this.#joinAll();
  }

  dispose(): void {
    this.#disposed = true;
    clearInterval(this.#care);
    this.#close();
  }

  async #open(): Promise<void> {
    if (this.#disposed || this.#socket) return;
    const { group, port, log, onMessage } = this.#options;
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    this.#socket = socket;
    await new Promise<void>((resolve) => {
      socket.on('message', onMessage);
      socket.on('error', (error) => {
        if (this.#socket === socket) this.#close();
        if (!this.#openFailed) {
          log.warn('sap.socket-failed', `Cannot listen on ${group}:${port}: ${error.message}.`, {
            group,
            port,
          });
        }
        this.#openFailed = true;
        resolve();
      });
      socket.once('close', resolve);
      socket.bind(port, group, () => {
        this.#openFailed = false;
        this.#joinAll();
        resolve();
      });
    });
  }

  /** Joins again what the kernel may have dropped with an interface that came back, and what failed before. */
  #lookAfter(): void {
    if (!this.#socket) void this.#open();
    else this.#joinAll();
  }

  #joinAll(): void {
    for (const item of this.#interfaces) this.#join(item);
  }

  #join(item: NetworkInterface): void {
    const { group, log } = this.#options;
    const name = nameOf(item);
    try {
      this.#socket?.addMembership(group, item.address);
      if (this.#socket) this.#reportJoined(item);
    } catch (error) {
      // The kernel says so when the membership is there already: that is all we want.
      if (isCode(error, 'EADDRINUSE')) return;
      this.#joined.delete(name);
      if (this.#failed.has(name)) return;
      this.#failed.add(name);
      const message = `Cannot join ${group} on ${item.name}: ${messageOf(error)}. Trying again by itself.`;
      log.warn('sap.join-failed', message, { group, interface: item.name, address: item.address });
    }
  }

  #reportJoined(item: NetworkInterface): void {
    const { group, log } = this.#options;
    this.#failed.delete(nameOf(item));
    this.#joined.add(nameOf(item));
    log.info('sap.joined', `Listening for announcements on ${group}, ${item.name}.`, {
      group,
      interface: item.name,
      address: item.address,
    });
  }

  #leave(item: NetworkInterface): void {
    this.#failed.delete(nameOf(item));
    if (!this.#joined.delete(nameOf(item))) return;
    try {
      this.#socket?.dropMembership(this.#options.group, item.address);
    } catch {
      // The membership went with the interface.
    }
  }

  #close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#joined.clear();
    if (!socket) return;
    socket.removeAllListeners('message');
    try {
      socket.close();
    } catch {
      // It was never bound.
    }
  }
}

function nameOf(item: NetworkInterface): string {
  return `${item.name} ${item.address}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
