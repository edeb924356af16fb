import type { AddReceiver, AddSender, ApiProblem, ReceiverInfo, SenderInfo } from '@tutti/common';
import { err, ok, type Result } from '@tutti/base';
import type { SdpReadResult } from '@tutti/model';
import { localProblem, request } from './http-client.ts';

type Reply<T> = Promise<Result<T, ApiProblem>>;

/** The calls of the host API that the page makes, by name. */
export const hostApi = {
  addReceiver: (wanted: AddReceiver): Reply<ReceiverInfo> =>
    expecting(request('POST', '/receivers', { json: wanted }), isEntity<ReceiverInfo>),

  removeReceiver: (id: string): Reply<unknown> => request('DELETE', `/receivers/${encodeURIComponent(id)}`),

  addSender: (wanted: AddSender): Reply<SenderInfo> =>
    expecting(request('POST', '/senders', { json: wanted }), isEntity<SenderInfo>),

  removeSender: (id: string): Reply<unknown> => request('DELETE', `/senders/${encodeURIComponent(id)}`),

  senderSdp: (id: string): Reply<string> =>
    expecting(request('GET', `/senders/${encodeURIComponent(id)}/sdp`), isText),

  checkSdp: (sdp: string): Reply<SdpReadResult> =>
    expecting(request('POST', '/sdp/check', { text: sdp }), isSdpReadResult),

  /** Only asks whether the host answers and knows us. */
  status: (): Reply<unknown> => request('GET', '/status'),
};

export type HostApi = typeof hostApi;

async function expecting<T>(reply: Reply<unknown>, is: (value: unknown) => value is T): Reply<T> {
  const result = await reply;
  if (!result.ok) return result;
  if (is(result.value)) return ok(result.value);
  return err(
    localProblem('internal', 200, {
      title: 'Unexpected answer',
      message: 'The host’s answer is not what this page knows.',
      fix: 'Reload the page: host and page may be of different versions.',
    }),
  );
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isSdpReadResult = (value: unknown): value is SdpReadResult =>
  typeof value === 'object' && value !== null && 'problems' in value && Array.isArray(value.problems);

function isEntity<T>(value: unknown): value is T {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
