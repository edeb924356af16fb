import type { ApiProblem } from '@tutti/common';
import { err, ok, type Result } from '@tutti/base';
import { localize } from '../localize/localize.ts';
import { activity } from './activity.ts';

export const apiRoot = '/api/v1';

/** Of a WebSocket of the host. */
export const socketAddress = (path: string): string =>
  location.origin.replace(/^http/, 'ws') + apiRoot + path;

const hostSilent = () => ({
  title: localize('api.silentTitle', 'No answer'),
  message: localize('api.silent', 'The host does not answer.'),
  fix: localize('api.silentFix', 'Check that `tutti serve` is running, then try again.'),
});

const wasCancelled = () => ({
  title: localize('api.cancelledTitle', 'Cancelled'),
  message: localize('api.cancelled', 'Cancelled before the host answered.'),
  fix: localize('api.cancelledFix', 'What the host had done by then shows in the lists.'),
});

/** An {@link ApiProblem} that the page itself found. */
export function localProblem(
  code: ApiProblem['code'],
  status: number,
  text: { title: string; message: string; fix?: string },
): ApiProblem {
  return { type: 'about:blank', status, code, ...text };
}

/**
 * One request to the host API. Never throws: whatever goes wrong comes back as a problem that can be shown. The reply is
 * JSON, or text where the host says so; an empty reply is `undefined`.
 */
export async function request(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: RequestBody,
  options: RequestOptions = {},
): Promise<Result<unknown, ApiProblem>> {
  const cancelled = new AbortController();
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    signal: AbortSignal.any([cancelled.signal, AbortSignal.timeout(options.timeoutMs ?? 15_000)]),
    headers: { ...(body && { 'content-type': contentType(body) }), ...options.headers },
  };
  if (body !== undefined) init.body = 'json' in body ? JSON.stringify(body.json) : contentOf(body);
  // Looking costs nothing; what a person waits for can be cancelled.
  const isAwaited = method !== 'GET' && options.inBackground !== true;
  const done = isAwaited ? activity.begin(() => cancelled.abort()) : undefined;
  try {
    const response = await fetch(apiRoot + path, init);
    const content = await read(response);
    if (response.ok) options.onHeaders?.(response.headers);
    return response.ok ? ok(content) : err(readProblem(response.status, content));
  } catch {
    return err(localProblem('unavailable', 0, cancelled.signal.aborted ? wasCancelled() : hostSilent()));
  } finally {
    done?.();
  }
}

export type RequestBody =
  { readonly json: unknown } | { readonly text: string; readonly type?: string } | { readonly bytes: Blob };

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** No person waits for it. */
  readonly inBackground?: boolean;
  readonly onHeaders?: (headers: Headers) => void;
}

function contentType(body: RequestBody): string {
  if ('json' in body) return 'application/json';
  return 'text' in body ? (body.type ?? 'application/sdp') : 'application/octet-stream';
}

const contentOf = (body: Exclude<RequestBody, { json: unknown }>): BodyInit =>
  'text' in body ? body.text : body.bytes;

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  if (!/json/.test(response.headers.get('content-type') ?? '')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Reads an RFC 9457 problem; what lacks a message gets one, so that no error is ever empty. */
export function readProblem(status: number, content: unknown): ApiProblem {
  if (typeof content === 'object' && content !== null && 'message' in content && 'code' in content) {
    return {
      type: 'about:blank',
      title: localize('api.refused', 'Refused'),
      status,
      ...content,
    } as ApiProblem;
  }
  if (status === 401 || status === 403) {
    return localProblem('permission', status, {
      title: localize('api.signInTitle', 'Not signed in'),
      message: localize('api.signIn', 'This page is not signed in to the host.'),
      fix: localize(
        'api.signInFix',
        'Open it with `tutti open`, or with the address that `tutti serve` printed.',
      ),
    });
  }
  return localProblem('internal', status, {
    title: localize('api.unexpectedTitle', 'Unexpected answer'),
    message: localize('api.unexpected', 'The host answered {0} without a reason.', status),
    fix: localize('api.unexpectedFix', 'Try again; if it stays, look at the host’s log.'),
  });
}
