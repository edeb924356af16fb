import type { ContributionMessage, EventsMessage, HostState, StateMessage } from '@tutti/common';

const listKeys = ['sessions', 'receivers', 'senders', 'extensions'] as const;

/** Reads a text frame of the WebSocket; undefined if it is not a message that this page knows. */
export function readMessage(text: string): StateMessage | EventsMessage | ContributionMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(message)) return undefined;
  if (message['kind'] === 'events') return readEvents(message);
  return readContributionMessage(message) ?? readState(message);
}

function readState(message: Readonly<Record<string, unknown>>): StateMessage | undefined {
  if (!isRecord(message['state'])) return undefined;
  const state = message['state'];
  if ('status' in state && !isStatus(state['status'])) return undefined;
  for (const key of listKeys) if (key in state && !isEntityList(state[key])) return undefined;
  if ('settings' in state && !isSettings(state['settings'])) return undefined;
  if (message['kind'] === 'delta') return { kind: 'delta', state: state as Partial<HostState> };
  const complete = 'status' in state && 'settings' in state && listKeys.every((key) => key in state);
  if (message['kind'] !== 'snapshot' || !complete) return undefined;
  return { kind: 'snapshot', state: state as unknown as HostState };
}

function readContributionMessage(
  message: Readonly<Record<string, unknown>>,
): ContributionMessage | undefined {
  const { kind, view, items } = message;
  if (kind === 'contributions') return { kind };
  if (kind === 'statusItems')
    return isEntityList(items) ? (message as unknown as ContributionMessage) : undefined;
  if (typeof view !== 'string') return undefined;
  if (kind === 'viewMessage') return { kind, view, message: message['message'] };
  if (kind !== 'view') return undefined;
  if (items === undefined) return { kind, view };
  return Array.isArray(items) && items.every((item) => typeof item === 'string')
    ? { kind, view, items }
    : undefined;
}

/** A list of events, from the WebSocket or from GET /events. */
export function readEvents(value: unknown): EventsMessage | undefined {
  if (!isRecord(value)) return undefined;
  const { run, events } = value;
  if (typeof run !== 'string' || !Array.isArray(events) || !events.every(isEvent)) return undefined;
  return { kind: 'events', run, events };
}

const isEvent = (value: unknown): value is EventsMessage['events'][number] =>
  isRecord(value) &&
  typeof value['sequence'] === 'number' &&
  ['at', 'level', 'code', 'message', 'source'].every((key) => typeof value[key] === 'string');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isStatus = (value: unknown): boolean =>
  isRecord(value) && isRecord(value['clock']) && isRecord(value['device']) && isRecord(value['engine']);

const isSettings = (value: unknown): boolean => isRecord(value) && Array.isArray(value['settings']);

const isEntityList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => isRecord(item) && typeof item['id'] === 'string');
