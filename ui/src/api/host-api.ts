import type {
  AddReceiver,
  AddSender,
  ApiProblem,
  Arrivals,
  ChangeReceiver,
  ChangeSettings,
  ClockDetails,
  CommandResult,
  ContributionsInfo,
  DeviceInfo,
  EventList,
  ExtensionImpact,
  ExtensionInfo,
  PatchReply,
  PatchRequest,
  ReceiverInfo,
  SenderInfo,
  SettingsInfo,
  SignInInfo,
} from '@tutti/common';
import type { TableRange, TableRow, TreeItem } from '@tutti/api';
import { err, ok, type Result } from '@tutti/base';
import type { SdpReadResult } from '@tutti/model';
import { localize } from '../localize/localize.ts';
import { localProblem, request } from './http-client.ts';
import { readEvents } from './state-message.ts';

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

  /** One step of patching, or a dry run of it. */
  patch: (wanted: PatchRequest): Reply<PatchReply> =>
    expecting(request('POST', '/routes/patch', { json: wanted }), isPatchReply),

  /** `since`: what the history has after that time, as it stands in the last sample. */
  clockReport: (since?: string): Reply<ClockDetails> =>
    expecting(
      request('GET', `/clock/report${since === undefined ? '' : `?since=${encodeURIComponent(since)}`}`),
      isClockDetails,
    ),

  arrivals: (id: string): Reply<Arrivals> =>
    expecting(request('GET', `/receivers/${encodeURIComponent(id)}/arrivals`), isArrivals),

  checkSdp: (sdp: string): Reply<SdpReadResult> =>
    expecting(request('POST', '/sdp/check', { text: sdp }), isSdpReadResult),

  changeReceiver: (id: string, change: ChangeReceiver): Reply<ReceiverInfo> =>
    expecting(
      request('PATCH', `/receivers/${encodeURIComponent(id)}`, { json: change }),
      isEntity<ReceiverInfo>,
    ),

  changeDevice: (change: Partial<Pick<DeviceInfo, 'rate' | 'name'>>): Reply<DeviceInfo> =>
    expecting(request('PATCH', '/device', { json: change }), isDevice),

  events: async (after: number): Reply<EventList> =>
    expecting(
      request('GET', `/events?after=${after}`),
      (value): value is EventList => readEvents(value) !== undefined,
    ),

  engineLog: (): Reply<string> =>
    expecting(
      request('GET', '/logs/engine'),
      (value): value is string | undefined => value === undefined || isText(value),
    ).then((reply) => (reply.ok ? ok(reply.value ?? '') : reply)),

  extensions: (): Reply<readonly ExtensionInfo[]> =>
    expecting(request('GET', '/extensions'), isList<ExtensionInfo>),

  /** `enable`, `trust` and `reload` do it at once; `disable` refuses while something would stop, unless `force`. */
  changeExtension: (
    id: string,
    verb: 'enable' | 'disable' | 'trust' | 'reload',
    force = false,
  ): Reply<ExtensionInfo> =>
    expecting(
      request('POST', `/extensions/${encodeURIComponent(id)}/${verb}`, {
        json: verb === 'disable' ? { force } : {},
      }),
      isEntity<ExtensionInfo>,
    ),

  extensionImpact: (id: string): Reply<ExtensionImpact> =>
    expecting(request('GET', `/extensions/${encodeURIComponent(id)}/impact`), isImpact),

  uninstallExtension: (id: string, force = false): Reply<unknown> =>
    request('DELETE', `/extensions/${encodeURIComponent(id)}${force ? '?force=true' : ''}`),

  installExtension: (file: Blob): Reply<ExtensionInfo> =>
    expecting(
      request('POST', '/extensions/upload', { bytes: file }, { timeoutMs: 120_000 }),
      isEntity<ExtensionInfo>,
    ),

  settings: (): Reply<SettingsInfo> => expecting(request('GET', '/settings'), isSettings),

  changeSettings: (change: ChangeSettings): Reply<SettingsInfo> =>
    expecting(request('PATCH', '/settings', { json: change }), isSettings),

  settingsFile: async (): Reply<{ readonly text: string; readonly tag: string }> => {
    let tag = '';
    const onHeaders = (headers: Headers): void => void (tag = headers.get('etag') ?? '');
    const reply = await request('GET', '/settings/file', undefined, { onHeaders });
    return reply.ok ? ok({ text: isText(reply.value) ? reply.value : '', tag }) : reply;
  },

  /** `tag`: of the text that was changed; a file that somebody else changed since is not overwritten. */
  replaceSettingsFile: (text: string, tag: string): Reply<SettingsInfo> =>
    expecting(
      request('PUT', '/settings/file', { text, type: 'text/plain' }, { headers: { 'if-match': tag } }),
      isSettings,
    ),

  contributions: (): Reply<ContributionsInfo> => expecting(request('GET', '/contributions'), isContributions),

  /** A command of an extension; it may take its time, and a person may cancel it. */
  runCommand: (id: string, args: Readonly<Record<string, unknown>>): Reply<CommandResult> =>
    expecting(
      request(
        'POST',
        `/commands/${encodeURIComponent(id)}`,
        { json: { arguments: args, timeoutMs: longestCommandMs } },
        { timeoutMs: longestCommandMs },
      ),
      isAnswer,
    ),

  /** Items of a tree below one, or the first level. */
  viewChildren: (view: string, parent: string | undefined): Reply<readonly TreeItem[]> =>
    expecting(
      request(
        'GET',
        `/views/${encodeURIComponent(view)}/children${parent === undefined ? '' : `?parent=${encodeURIComponent(parent)}`}`,
      ),
      isList<TreeItem>,
    ),

  viewRows: (view: string, { offset, limit, sort }: TableRange): Reply<TableRows> =>
    expecting(
      request(
        'GET',
        `/views/${encodeURIComponent(view)}/rows?offset=${offset}&limit=${limit}` +
          (sort ? `&sort=${encodeURIComponent(sort.column)}&descending=${sort.descending}` : ''),
      ),
      isRows,
    ),

  /** What a page of an extension says to its code. */
  viewMessage: (view: string, message: unknown): Reply<{ readonly result: unknown }> =>
    expecting(
      request(
        'POST',
        `/views/${encodeURIComponent(view)}/messages`,
        { json: { message } },
        { inBackground: true },
      ),
      isAnswer,
    ),

  signInInfo: (): Reply<SignInInfo> => expecting(request('GET', '/sign-in'), isSignIn),

  signIn: (password: string): Reply<SignInInfo> =>
    expecting(request('POST', '/sign-in', { json: { password } }), isSignIn),

  signOut: (): Reply<unknown> => request('DELETE', '/sign-in'),

  setPassword: (role: string, password: string): Reply<unknown> =>
    request('PUT', `/access/passwords/${encodeURIComponent(role)}`, { json: { password } }),

  setLock: (locked: boolean, note?: string): Reply<unknown> =>
    request('PUT', '/lock', { json: { locked, ...(note !== undefined && { note }) } }),

  /** Only asks whether the host answers and knows us. */
  status: (): Reply<unknown> => request('GET', '/status'),
};

export type HostApi = typeof hostApi;

/** As the host bounds it. */
const longestCommandMs = 600_000;

export interface TableRows {
  readonly total: number;
  readonly rows: readonly TableRow[];
}

async function expecting<T>(reply: Reply<unknown>, is: (value: unknown) => value is T): Reply<T> {
  const result = await reply;
  if (!result.ok) return result;
  if (is(result.value)) return ok(result.value);
  return err(
    localProblem('internal', 200, {
      title: localize('api.unexpectedTitle', 'Unexpected answer'),
      message: localize('api.unknown', 'The host’s answer is not what this page knows.'),
      fix: localize('api.unknownFix', 'Reload the page: host and page may be of different versions.'),
    }),
  );
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isPatchReply = (value: unknown): value is PatchReply =>
  typeof value === 'object' &&
  value !== null &&
  'undo' in value &&
  'receivers' in value &&
  Array.isArray(value.receivers);

const isArrivals = (value: unknown): value is Arrivals =>
  typeof value === 'object' && value !== null && 'counts' in value && Array.isArray(value.counts);

const isClockDetails = (value: unknown): value is ClockDetails =>
  typeof value === 'object' &&
  value !== null &&
  'history' in value &&
  Array.isArray(value.history) &&
  'report' in value;

const isSdpReadResult = (value: unknown): value is SdpReadResult =>
  typeof value === 'object' && value !== null && 'problems' in value && Array.isArray(value.problems);

function isEntity<T>(value: unknown): value is T {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isDevice = (value: unknown): value is DeviceInfo =>
  isObject(value) && 'rate' in value && 'name' in value;

const isImpact = (value: unknown): value is ExtensionImpact => isObject(value) && 'dependents' in value;

const isSignIn = (value: unknown): value is SignInInfo => isObject(value) && 'password' in value;

const contributed = ['commands', 'menus', 'keybindings', 'views', 'statusItems'] as const;

const isContributions = (value: unknown): value is ContributionsInfo =>
  isObject(value) &&
  contributed.every((kind) => kind in value && Array.isArray((value as Record<string, unknown>)[kind]));

const isAnswer = (value: unknown): value is { readonly result: unknown } =>
  isObject(value) && 'result' in value;

const isRows = (value: unknown): value is TableRows =>
  isObject(value) &&
  'total' in value &&
  typeof value.total === 'number' &&
  'rows' in value &&
  isList<TableRow>(value.rows);

const isSettings = (value: unknown): value is SettingsInfo =>
  isObject(value) && 'settings' in value && Array.isArray(value.settings);

function isList<T>(value: unknown): value is readonly T[] {
  return Array.isArray(value) && value.every((item) => isEntity<{ id: string }>(item));
}
