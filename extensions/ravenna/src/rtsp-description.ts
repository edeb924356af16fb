import { connect } from 'node:net';
import type { Disposable } from '@tutti/base';
import { contentTypeOf, RtspConnection, type RtspReply } from './rtsp-connection.ts';
import type { RtspRequest } from './rtsp-message.ts';
import { readRtspUrl, type RtspUrl } from './rtsp-url.ts';

const connectMs = 5000;
/** Milliseconds between attempts, growing; a device that boots is there within a minute. */
const backOffMs = [1000, 2000, 5000, 10_000, 30_000, 60_000];

/** Says that nothing changed and that the other side is alive still: half-open connections are found so. */
const keepAliveMs = 30_000;

export interface DescriptionSink {
  /** A description came; outside data. */
  described(sdp: string): void;
  /** It cannot be had at present; tried again. Called once for each new reason. */
  failed(reason: string): void;
}

/**
 * The description behind RTSP URLs, kept up to date: DESCRIBE, then the connection stays open for the server's ANNOUNCE
 * (RAVENNA devices send it when a session changes); when it ends, DESCRIBE again after a pause that grows.
 */
export class RtspDescription implements Disposable {
  readonly #urls: readonly RtspUrl[];
  readonly #sink: DescriptionSink;
  #connection: RtspConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #reason = '';
  #isDisposed = false;

  /** @param urls the same session, in the order in which they are tried: by name, by id */
  constructor(urls: readonly string[], sink: DescriptionSink) {
    this.#urls = urls.flatMap((each) => readRtspUrl(each) ?? []);
    this.#sink = sink;
    void this.#look();
  }

  /** Asks again now, because somebody said that something changed. */
  refresh(): void {
    clearTimeout(this.#timer);
    const connection = this.#connection;
    if (connection === undefined) void this.#look();
    else this.#describe(connection).catch((error: unknown) => this.#failed(error));
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#connection?.dispose();
  }

  async #look(): Promise<void> {
    try {
      const [first] = this.#urls;
      if (first === undefined) return this.#sink.failed('that is no RTSP URL');
      const connection = await open(first, {
        onRequest: (request) => this.#answer(request),
        onEnd: (reason) => {
          if (this.#connection !== connection) return;
          this.#connection = undefined;
          this.#failed(new Error(reason));
        },
      });
      if (this.#isDisposed) return connection.dispose();
      this.#connection = connection;
      await this.#describe(connection);
      this.#failures = 0;
      this.#reason = '';
      this.#keepAlive(connection);
    } catch (error) {
      this.#failed(error);
    }
  }

  async #describe(connection: RtspConnection): Promise<void> {
    this.#sink.described(await describe(connection, this.#urls));
  }

  #keepAlive(connection: RtspConnection): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // Any answer will do: devices that do not know the method say 501.
      connection
        .request('GET_PARAMETER', this.#urls[0]?.text ?? '*')
        .then(() => this.#keepAlive(connection))
        .catch(() => connection.dispose());
    }, keepAliveMs).unref();
  }

  #answer(request: RtspRequest): RtspReply {
    if (request.method === 'OPTIONS')
      return { status: 200, headers: { Public: 'OPTIONS, ANNOUNCE, GET_PARAMETER' } };
    if (request.method === 'GET_PARAMETER') return { status: 200 };
    if (request.method !== 'ANNOUNCE') return { status: 501 };
    if (contentTypeOf(request.headers) !== 'application/sdp') return { status: 406 };
    if (!this.#isDisposed) this.#sink.described(request.body);
    return { status: 200 };
  }

  #failed(error: unknown): void {
    if (this.#isDisposed) return;
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.dispose();
    const reason = error instanceof Error ? error.message : String(error);
    if (reason !== this.#reason) this.#sink.failed(reason);
    this.#reason = reason;
    const wait = backOffMs[Math.min(this.#failures, backOffMs.length - 1)] ?? 1000;
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), wait).unref();
  }
}

/** One description, once. @throws Error with a sentence for a person. */
export async function describeOnce(url: string): Promise<string> {
  const read = readRtspUrl(url);
  if (read === undefined) throw new Error(`${url.slice(0, 80)} is no RTSP URL`);
  const connection = await open(read, { onRequest: () => ({ status: 501 }), onEnd: () => undefined });
  try {
    return await describe(connection, [read]);
  } finally {
    connection.dispose();
  }
}

async function describe(connection: RtspConnection, urls: readonly RtspUrl[]): Promise<string> {
  let refusal = 'nothing was asked for';
  for (const { text } of urls) {
    const { status, reason, headers, body } = await connection.request('DESCRIBE', text, {
      headers: { Accept: 'application/sdp' },
    });
    if (status === 200) {
      // Some servers say nothing about the type of the only thing there is.
      if (['application/sdp', ''].includes(contentTypeOf(headers)) && body !== '') return body;
      refusal = `${text} is described by ${contentTypeOf(headers) || 'nothing'}, not by SDP`;
    } else {
      refusal = `${text}: ${status} ${reason}`;
    }
  }
  throw new Error(refusal);
}

function open(
  { host, port }: RtspUrl,
  options: Pick<ConstructorParameters<typeof RtspConnection>[0], 'onRequest' | 'onEnd'>,
): Promise<RtspConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: connectMs });
    const refuse = (why: string): void => {
      socket.destroy();
      reject(new Error(`${host}:${port}: ${why}`));
    };
    socket.once('timeout', () => refuse(`no connection within ${connectMs / 1000} s`));
    socket.once('error', (error) => refuse(error.message));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error');
      resolve(new RtspConnection({ socket, ...options }));
    });
  });
}
