import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Disposable, Result } from '@tutti/base';
import { readControlMessage, type ControlMessage } from '../wire/control-message.ts';
import type { AskProblem } from './read-device.ts';

/** Where a question goes. */
export interface Destination {
  readonly address: string;
  readonly port: number;
}

/** Milliseconds until a question is repeated, and how often it is sent in all. */
const attemptMs = 400;
const attempts = 4;
/** Questions that wait for an answer at one time, over all devices. */
const maxWaiting = 256;

interface Waiting {
  readonly to: Destination;
  readonly answered: (message: ControlMessage) => void;
}

/** Asks devices by ARC and CMC over UDP from one local address, and repeats what is not answered. */
export class ControlClient implements Disposable {
  readonly #localAddress: string;
  readonly #waiting = new Map<number, Waiting>();
  #socket: Promise<Socket> | undefined;
  #lastTransaction = Math.floor(Math.random() * 0xffff);
  #disposed = false;

  /** @param localAddress of the interface that the devices are found on: link-local ones are reached through no other */
  constructor(localAddress: string) {
    this.#localAddress = localAddress;
  }

  /** Resolves with the answer, or with a problem after about 1.6 s. Never rejects. */
  async ask(
    to: Destination,
    write: (transaction: number) => Uint8Array,
  ): Promise<Result<ControlMessage, AskProblem>> {
    if (this.#waiting.size >= maxWaiting)
      return failed('busy', 'Too many questions are waiting for an answer.');
    const transaction = this.#nextTransaction();
    let timer: NodeJS.Timeout | undefined;
    try {
      const socket = await this.#open();
      return await new Promise<Result<ControlMessage, AskProblem>>((resolve) => {
        this.#waiting.set(transaction, { to, answered: (message) => resolve({ ok: true, value: message }) });
        const bytes = write(transaction);
        let sent = 0;
        const send = (): void => {
          if (sent === attempts || this.#disposed)
            return resolve(failed('timeout', 'The device does not answer.'));
          sent += 1;
          socket.send(bytes, to.port, to.address, (error) => {
            if (error) resolve(failed('network', `Nothing can be sent to ${to.address}: ${error.message}.`));
          });
          timer = setTimeout(send, attemptMs);
        };
        send();
      });
    } catch (error) {
      return failed(
        'network',
        `No socket on ${this.#localAddress}: ${error instanceof Error ? error.message : String(error)}.`,
      );
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(transaction);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#drop();
  }

  #nextTransaction(): number {
    do this.#lastTransaction = (this.#lastTransaction + 1) & 0xffff;
    while (this.#waiting.has(this.#lastTransaction));
    return this.#lastTransaction;
  }

  #open(): Promise<Socket> {
    this.#socket ??= openSocket(
      this.#localAddress,
      (bytes, from) => this.#receive(bytes, from),
      () => this.#drop(),
    ).catch((error: unknown) => {
      this.#socket = undefined;
      throw error;
    });
    return this.#socket;
  }

  /** Only whom we asked may answer, and only once. */
  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    const message = readControlMessage(bytes);
    if (!message.ok) return;
    const waiting = this.#waiting.get(message.value.transaction);
    if (waiting?.to.address === from.address && waiting.to.port === from.port)
      waiting.answered(message.value);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.then(
      (open) => open.close(),
      () => undefined,
    );
  }
}

function openSocket(
  address: string,
  onMessage: (bytes: Uint8Array, from: RemoteInfo) => void,
  onError: () => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(0, address, () => {
      socket.removeAllListeners('error');
      socket.on('error', onError);
      socket.on('message', onMessage);
      socket.unref();
      resolve(socket);
    });
  });
}

function failed(code: string, message: string): { readonly ok: false; readonly error: AskProblem } {
  return { ok: false, error: { code, message } };
}
