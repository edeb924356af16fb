/** Limits of what the other side may send, bytes. */
export const rtspLimits = { head: 8 * 1024, body: 64 * 1024, headers: 100 };

/** Names in lower case, as RFC 2326 section 4.2 compares them. */
export type RtspHeaders = ReadonlyMap<string, string>;

export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: RtspHeaders;
  readonly body: string;
}

export interface RtspResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: RtspHeaders;
  readonly body: string;
}

export type RtspMessage = RtspRequest | RtspResponse;

/** What a message is written from. */
export interface RtspContent {
  readonly start: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A stream of bytes that cannot be RTSP any more; the connection is to be closed. */
export class RtspError extends Error {}

const interleavedMark = 0x24;

/**
 * Cuts a TCP stream into RTSP 1.0 messages (RFC 2326 section 4 ff.), however it is cut into chunks. Lenient as devices need it:
 * header names in any case, no CSeq, bare LF. Interleaved data (section 10.12) is passed over.
 */
export class RtspParser {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws RtspError if the stream is broken or a limit is exceeded; nothing more can be read then. */
  push(chunk: Uint8Array): readonly RtspMessage[] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const messages: RtspMessage[] = [];
    while (this.#rest.length > 0) {
      const taken = this.#rest[0] === interleavedMark ? this.#passInterleaved() : this.#take(messages);
      if (taken === 0) break;
      this.#rest = this.#rest.subarray(taken);
    }
    return messages;
  }

  #passInterleaved(): number {
    if (this.#rest.length < 4) return 0;
    const length = 4 + this.#rest.readUInt16BE(2);
    return this.#rest.length < length ? 0 : length;
  }

  /** @returns how many bytes a whole message took; 0 while it is not whole. */
  #take(messages: RtspMessage[]): number {
    const blank = /^[\r\n]+/.exec(this.#rest.toString('latin1', 0, 16))?.[0].length ?? 0;
    if (blank > 0) return blank; // empty lines before a message are allowed
    const window = this.#rest.toString('latin1', 0, rtspLimits.head + 4);
    const end = /\r?\n\r?\n/.exec(window);
    if (end === null || end.index > rtspLimits.head) {
      if (window.length > rtspLimits.head)
        throw new RtspError(`a head of more than ${rtspLimits.head} bytes`);
      return 0;
    }
    const [start = '', ...lines] = this.#rest.toString('utf8', 0, end.index).split(/\r?\n/);
    const headers = readHeaders(lines);
    const length = readLength(headers.get('content-length'));
    const bodyAt = end.index + end[0].length;
    if (this.#rest.length < bodyAt + length) return 0;
    messages.push(readStart(start, headers, this.#rest.toString('utf8', bodyAt, bodyAt + length)));
    return bodyAt + length;
  }
}

export function writeRtsp({ start, headers, body = '' }: RtspContent): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return Buffer.from(`${[start, ...lines, ...length].join('\r\n')}\r\n\r\n${body}`);
}

function readHeaders(lines: readonly string[]): RtspHeaders {
  if (lines.length > rtspLimits.headers) throw new RtspError(`more than ${rtspLimits.headers} headers`);
  const headers = new Map<string, string>();
  let last = '';
  for (const line of lines) {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:(.*)$/.exec(line);
    if (match?.[1] !== undefined) {
      last = match[1].toLowerCase();
      const value = (match[2] ?? '').trim();
      // Several ways to show a password may come in a header each (RFC 2616 section 4.2).
      const before = last === 'www-authenticate' ? headers.get(last) : undefined;
      headers.set(last, before === undefined ? value : `${before}, ${value}`);
    } else if (/^[ \t]/.test(line) && last !== '') {
      headers.set(last, `${headers.get(last) ?? ''} ${line.trim()}`);
    } else {
      throw new RtspError('a header that is none');
    }
  }
  return headers;
}

function readLength(text = '0'): number {
  const length = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (length < 0) throw new RtspError('a Content-Length that is no number');
  if (length > rtspLimits.body) throw new RtspError(`a body of more than ${rtspLimits.body} bytes`);
  return length;
}

function readStart(line: string, headers: RtspHeaders, body: string): RtspMessage {
  const response = /^RTSP\/1\.\d (\d{3})(?: (.*))?$/.exec(line);
  if (response !== null) {
    return { kind: 'response', status: Number(response[1]), reason: response[2] ?? '', headers, body };
  }
  const request = /^([A-Z_]{1,32}) (\S{1,2048}) RTSP\/1\.\d$/.exec(line);
  if (request?.[1] === undefined || request[2] === undefined)
    throw new RtspError('a first line that is not of RTSP 1.0');
  return { kind: 'request', method: request[1], uri: request[2], headers, body };
}
