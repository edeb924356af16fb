import type { ApiProblem } from '@tutti/common';
import { err, ok, type Result } from '@tutti/base';

export const apiRoot = '/api/v1';

const hostSilent = {
  title: 'No answer',
  message: 'The host does not answer.',
  fix: 'Check that `tutti serve` is running, then try again.',
};

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
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: { readonly json: unknown } | { readonly text: string },
): Promise<Result<unknown, ApiProblem>> {
  const init: RequestInit = { method, credentials: 'same-origin', signal: AbortSignal.timeout(15_000) };
  if (body !== undefined) {
    const isText = 'text' in body;
    init.headers = { 'content-type': isText ? 'application/sdp' : 'application/json' };
    init.body = isText ? body.text : JSON.stringify(body.json);
  }
  try {
    const response = await fetch(apiRoot + path, init);
    const content = await read(response);
    return response.ok ? ok(content) : err(readProblem(response.status, content));
  } catch {
    return err(localProblem('unavailable', 0, hostSilent));
  }
}

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
    return { type: 'about:blank', title: 'Refused', status, ...content } as ApiProblem;
  }
  if (status === 401 || status === 403) {
    return localProblem('permission', status, {
      title: 'Not signed in',
      message: 'This page is not signed in to the host.',
      fix: 'Open it with `tutti open`, or with the address that `tutti serve` printed.',
    });
  }
  return localProblem('internal', status, {
    title: 'Unexpected answer',
    message: `The host answered ${status} without a reason.`,
    fix: 'Try again; if it stays, look at the host’s log.',
  });
}
