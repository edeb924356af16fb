import { createSocket, type Socket } from 'node:dgram';
import type { Disposable } from '@tutti/base';

/** Sends datagrams to an address of the loopback network, multicast groups included. */
export class UdpSender implements Disposable {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** @param from address of the loopback interface: 127.0.0.1, 127.0.0.2 and so on are different senders. */
  static async open(from = '127.0.0.1'): Promise<UdpSender> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, from, resolve);
    });
    socket.setMulticastInterface('127.0.0.1');
    return new UdpSender(socket);
  }

  /** Resolves when the datagram was handed to the network. */
  send(bytes: Uint8Array, port: number, address: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(bytes, port, address, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  dispose(): void {
    this.#socket.close();
  }
}
