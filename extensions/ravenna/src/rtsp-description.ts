import type { Disposable } from '@tutti/base';
import { refusalHint } from './rtsp-authentication.ts';
import { contentTypeOf, type RtspConnection, type RtspReply } from './rtsp-connection.ts';
import { openRtsp, RtspLink } from './rtsp-link.ts';
import type { RtspRequest } from './rtsp-message.ts';
import { readRtspUrl, type RtspUrl } from './rtsp-url.ts';

/** Says that nothing changed and that the other side is alive still: half-open connections are found so. */
const keepAliveMs = 30_000;

export interface DescriptionSink {
  /** A description came; outside data. @param url that it was given at; of several the one that the server knows */
  described(sdp: string, url: string): void;
  /** It cannot be had at present; tried again. Called once for each new reason. */
  failed(reason: string): void;
}

export interface DescriptionOptions {
  /** Asks for the description every half minute: where nobody else tells that it changed, and a server may not announce it. */
  readonly asksAgain?: boolean;
}

/** What DESCRIBE was answered with. */
export interface Described {
  readonly sdp: string;
  /** What places in the description are relative to (RFC 2326 section C.1.1). */
  readonly base: string;
  /** That was asked for. */
  readonly url: string;
}

/**
 * The description behind RTSP URLs, kept up to date: DESCRIBE, then the connection stays open for the server's ANNOUNCE
 * (RAVENNA devices send it when a session changes); when it ends, DESCRIBE again after a pause that grows.
 */
export class RtspDescription implements Disposable {
  readonly #urls: readonly RtspUrl[];
  readonly #sink: DescriptionSink;
  readonly #link: RtspLink | undefined;
  /** That was answered last. */
  #url = '';
  #isDisposed = false;

  /** @param urls the same session, in the order in which they are tried: by name, by id */
  constructor(
    urls: readonly string[],
    sink: DescriptionSink,
    { asksAgain = false }: DescriptionOptions = {},
  ) {
    this.#urls = urls.flatMap((each) => readRtspUrl(each) ?? []);
    this.#sink = sink;
    const [place] = this.#urls;
    if (place === undefined) {
      sink.failed('that is no RTSP URL');
      return;
    }
    this.#url = place.text;
    this.#link = new RtspLink({
      place,
      connected: async (connection) => {
        await this.#describe(connection);
        this.#link?.beat(connection, keepAliveMs, () =>
          // Any answer will do: devices that do not know the method say 501.
          asksAgain ? this.#describe(connection) : connection.request('GET_PARAMETER', place.text),
        );
      },
      answer: (request) =>
        answerAnnouncement(request, (sdp) => {
          if (!this.#isDisposed) sink.described(sdp, this.#url);
        }),
      failed: (reason) => sink.failed(reason),
    });
  }

  /** Asks again now, because somebody said that something changed. */
  refresh(): void {
    const connection = this.#link?.connection;
    if (connection === undefined) this.#link?.hurry();
    else this.#describe(connection).catch((error: unknown) => this.#link?.fail(connection, error));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#link?.dispose();
  }

  async #describe(connection: RtspConnection): Promise<void> {
    const { sdp, url } = await describe(connection, this.#urls);
    this.#url = url;
    if (!this.#isDisposed) this.#sink.described(sdp, url);
  }
}

/** Answers what a server asks its clients: it announces descriptions that changed. */
export function answerAnnouncement(request: RtspRequest, described: (sdp: string) => void): RtspReply {
  if (request.method === 'OPTIONS')
    return { status: 200, headers: { Public: 'OPTIONS, ANNOUNCE, GET_PARAMETER' } };
  if (request.method === 'GET_PARAMETER') return { status: 200 };
  if (request.method !== 'ANNOUNCE') return { status: 501 };
  if (contentTypeOf(request.headers) !== 'application/sdp') return { status: 406 };
  described(request.body);
  return { status: 200 };
}

/** One description, once. @throws Error with a sentence for a person. */
export async function describeOnce(url: string): Promise<string> {
  const read = readRtspUrl(url);
  if (read === undefined) throw new Error('that is no RTSP URL');
  const connection = await openRtsp(read, { onRequest: () => ({ status: 501 }), onEnd: () => undefined });
  try {
    return (await describe(connection, [read])).sdp;
  } finally {
    connection.dispose();
  }
}

/** @throws Error with a sentence for a person. */
export async function describe(connection: RtspConnection, urls: readonly RtspUrl[]): Promise<Described> {
  let refusal = 'nothing was asked for';
  for (const { text } of urls) {
    const { status, reason, headers, body } = await connection.request('DESCRIBE', text, {
      headers: { Accept: 'application/sdp' },
    });
    if (status === 200) {
      // Some servers say nothing about the type of the only thing there is.
      if (['application/sdp', ''].includes(contentTypeOf(headers)) && body !== '')
        return {
          sdp: body,
          base: headers.get('content-base') ?? headers.get('content-location') ?? text,
          url: text,
        };
      refusal = `${text} is described by ${contentTypeOf(headers) || 'nothing'}, not by SDP`;
    } else {
      refusal = `${text}: ${status} ${reason}${refusalHint(status, connection.credentials)}`;
    }
  }
  throw new Error(refusal);
}
