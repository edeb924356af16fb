import { connect } from 'node:net';
import type { Disposable } from '@tutti/base';
import { RtspConnection, type RtspConnectionOptions, type RtspReply } from './rtsp-connection.ts';
import type { RtspRequest } from './rtsp-message.ts';
import type { RtspUrl } from './rtsp-url.ts';

const connectMs = 5000;
/** Milliseconds between attempts, growing; a device that boots is there within a minute. */
const backOffMs = [1000, 2000, 5000, 10_000, 30_000, 60_000];

export interface RtspLinkOptions {
  readonly place: RtspUrl;
  /** Address of ours that the connection begins at; any, if it does not matter. */
  readonly localAddress?: string;
  /** There is a connection. Rejects if it is of no use: another one is tried later. */
  readonly connected: (connection: RtspConnection) => Promise<void>;
  /** Answers what the other side asks. */
  readonly answer: (request: RtspRequest) => RtspReply;
  /** There is none, or none of use; tried again. Called once for each new reason. */
  readonly failed: (reason: string) => void;
}

/** A connection to an RTSP server, made again when it ends, after a pause that grows. */
export class RtspLink implements Disposable {
  readonly #options: RtspLinkOptions;
  #connection: RtspConnection | undefined;
  /** Of the next attempt, or of the next beat. */
  #timer: NodeJS.Timeout | undefined;
  #isConnecting = false;
  #failures = 0;
  #reason = '';
  #isDisposed = false;

  constructor(options: RtspLinkOptions) {
    this.#options = options;
    void this.#connect();
  }

  /** Undefined while there is none. */
  get connection(): RtspConnection | undefined {
    return this.#connection;
  }

  /** Tries now instead of later, if there is no connection. */
  hurry(): void {
    if (this.#connection !== undefined || this.#isConnecting || this.#isDisposed) return;
    clearTimeout(this.#timer);
    void this.#connect();
  }

  /** Does something again and again while this connection lasts, in place of what it did before; a rejection ends it. */
  beat(connection: RtspConnection, ms: number, act: () => Promise<unknown>): void {
    if (this.#connection !== connection || this.#isDisposed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      act()
        .then(() => this.beat(connection, ms, act))
        .catch((error: unknown) => this.fail(connection, error));
    }, ms).unref();
  }

  /** The connection is of no use any more. */
  fail(connection: RtspConnection | undefined, error: unknown): void {
    if (this.#isDisposed || this.#connection !== connection) return;
    this.#connection = undefined;
    connection?.dispose();
    const reason = error instanceof Error ? error.message : String(error);
    if (reason !== this.#reason) this.#options.failed(reason);
    this.#reason = reason;
    const wait = backOffMs[Math.min(this.#failures, backOffMs.length - 1)] ?? 1000;
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), wait).unref();
  }

  /** Nothing is tried any more; what connection there is, is the caller's to say goodbye by, and to dispose. */
  release(): RtspConnection | undefined {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    return this.#connection;
  }

  dispose(): void {
    this.release()?.dispose();
  }

  async #connect(): Promise<void> {
    const { place, localAddress, connected, answer } = this.#options;
    let connection: RtspConnection | undefined;
    this.#isConnecting = true;
    try {
      connection = await openRtsp(place, {
        ...(localAddress !== undefined && { localAddress }),
        onRequest: answer,
        onEnd: (reason) => {
          if (connection !== undefined) this.fail(connection, new Error(reason));
        },
      }).finally(() => (this.#isConnecting = false));
      if (this.#isDisposed) return connection.dispose();
      this.#connection = connection;
      await connected(connection);
      if (this.#connection !== connection) return;
      this.#failures = 0;
      this.#reason = '';
    } catch (error) {
      this.fail(connection, error);
    }
  }
}

/** @throws Error with one sentence for a person. */
export function openRtsp(
  { host, port, credentials }: RtspUrl,
  {
    localAddress,
    ...options
  }: Pick<RtspConnectionOptions, 'onRequest' | 'onEnd'> & { readonly localAddress?: string },
): Promise<RtspConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      timeout: connectMs,
      ...(localAddress !== undefined && { localAddress }),
    });
    const refuse = (why: string): void => {
      socket.destroy();
      reject(new Error(`${host}:${port}: ${why}`));
    };
    socket.once('timeout', () => refuse(`no connection within ${connectMs / 1000} s`));
    socket.once('error', (error) => refuse(error.message));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error');
      resolve(new RtspConnection({ socket, credentials, ...options }));
    });
  });
}
