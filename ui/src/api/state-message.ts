import type { HostState, StateMessage } from '@tutti/common';

const listKeys = ['sessions', 'receivers', 'senders'] as const;

/** Reads a text frame of the WebSocket; undefined if it is not a message that this page knows. */
export function readStateMessage(text: string): StateMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(message) || !isRecord(message['state'])) return undefined;
  const state = message['state'];
  if ('status' in state && !isStatus(state['status'])) return undefined;
  for (const key of listKeys) if (key in state && !isEntityList(state[key])) return undefined;
  if (message['kind'] === 'delta') return { kind: 'delta', state: state as Partial<HostState> };
  const complete = 'status' in state && listKeys.every((key) => key in state);
  if (message['kind'] !== 'snapshot' || !complete) return undefined;
  return { kind: 'snapshot', state: state as unknown as HostState };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isStatus = (value: unknown): boolean =>
  isRecord(value) && isRecord(value['clock']) && isRecord(value['device']) && isRecord(value['engine']);

const isEntityList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => isRecord(item) && typeof item['id'] === 'string');
