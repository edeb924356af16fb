import type { Socket } from 'node:net';
import type { Disposable } from '@tutti/base';
import { RtspAuthentication, type RtspCredentials } from './rtsp-authentication.ts';
import {
  RtspParser,
  writeRtsp,
  type RtspHeaders,
  type RtspMessage,
  type RtspRequest,
  type RtspResponse,
} from './rtsp-message.ts';

const answerMs = 5000;
/** Requests of ours that wait for an answer at the same time. */
const maxWaiting = 32;
/** Bytes that the other side has not taken: one that asks and does not read must not fill our memory. */
const maxUnsentBytes = 256 * 1024;

/** What is answered to a request of the other side. */
export interface RtspReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RtspConnectionOptions {
  readonly socket: Socket;
  /** Shown to a server that asks for them. */
  readonly credentials?: RtspCredentials | undefined;
  readonly onRequest: (request: RtspRequest) => RtspReply;
  /** The connection is over, with the reason if it broke. Called once. */
  readonly onEnd: (reason: string) => void;
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  406: 'Not Acceptable',
  454: 'Session Not Found',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
};

interface RtspRequestContent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Waiting {
  readonly cseq: string;
  readonly resolve: (response: RtspResponse) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One RTSP connection. Both sides may ask: RAVENNA servers send ANNOUNCE to who described a session. */
export class RtspConnection implements Disposable {
  readonly #options: RtspConnectionOptions;
  readonly #parser = new RtspParser();
  readonly #waiting: Waiting[] = [];
  readonly #authentication: RtspAuthentication | undefined;
  #lastCseq = 0;
  #isOver = false;

  constructor(options: RtspConnectionOptions) {
    this.#options = options;
    const { socket, credentials } = options;
    this.#authentication = credentials && new RtspAuthentication(credentials);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', () => this.#end('the other side closed the connection'));
  }

  get credentials(): RtspCredentials | undefined {
    return this.#options.credentials;
  }

  /** Asked again with user and password where the server wants them. @throws Error if there is no answer in time or the connection ends. */
  async request(method: string, uri: string, content: RtspRequestContent = {}): Promise<RtspResponse> {
    const response = await this.#ask(method, uri, content);
    if (response.status !== 401 || this.#authentication === undefined) return response;
    const isNew = this.#authentication.challenge(response.headers.get('www-authenticate') ?? '');
    return isNew ? await this.#ask(method, uri, content) : response;
  }

  dispose(): void {
    this.#end('closed by us');
  }

  #ask(method: string, uri: string, { headers = {}, body = '' }: RtspRequestContent): Promise<RtspResponse> {
    if (this.#isOver) return Promise.reject(new Error('the connection is closed'));
    if (this.#waiting.length >= maxWaiting)
      return Promise.reject(new Error('the other side does not answer'));
    this.#lastCseq += 1;
    const cseq = String(this.#lastCseq);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#take(cseq);
        reject(new Error(`${method} was not answered within ${answerMs / 1000} s`));
      }, answerMs);
      this.#waiting.push({ cseq, resolve, reject, timer });
      const authorization = this.#authentication?.header(method, uri);
      const named = {
        ...{ CSeq: cseq, 'User-Agent': 'Tutti', ...headers },
        ...(authorization !== undefined && { Authorization: authorization }),
      };
      this.#write(writeRtsp({ start: `${method} ${uri} RTSP/1.0`, headers: named, body }));
    });
  }

  #receive(chunk: Buffer): void {
    let messages: readonly RtspMessage[];
    try {
      messages = this.#parser.push(chunk);
    } catch (error) {
      return this.#end(error instanceof Error ? error.message : String(error));
    }
    for (const message of messages) {
      if (this.#isOver) return;
      if (message.kind === 'request') this.#answer(message);
      // Merging devices answer without CSeq: then it is the answer to the oldest request.
      else this.#take(message.headers.get('cseq'))?.resolve(message);
    }
  }

  #answer(request: RtspRequest): void {
    const { status, headers = {}, body = '' } = this.#options.onRequest(request);
    const start = `RTSP/1.0 ${status} ${reasons[status] ?? 'Error'}`;
    const cseq = request.headers.get('cseq');
    const named = { ...(cseq !== undefined && { CSeq: cseq }), Server: 'Tutti', ...headers };
    this.#write(writeRtsp({ start, headers: named, body }));
  }

  #write(message: Buffer): void {
    const { socket } = this.#options;
    socket.write(message);
    if (socket.writableLength > maxUnsentBytes) this.#end('the other side does not read');
  }

  #take(cseq: string | undefined): Waiting | undefined {
    const index = cseq === undefined ? 0 : this.#waiting.findIndex((each) => each.cseq === cseq);
    const [found] = index < 0 ? [] : this.#waiting.splice(index, 1);
    clearTimeout(found?.timer);
    return found;
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.socket.destroy();
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(new Error(reason));
    }
    this.#options.onEnd(reason);
  }
}

/** Media type without parameters, lower case. */
export function contentTypeOf(headers: RtspHeaders): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
