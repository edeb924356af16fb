import { fail, TuttiError, type Result } from '@tutti/base';
import type {
  AddReceiver,
  AddSender,
  ChangeReceiver,
  ContributionsInfo,
  EventInfo,
  ExtensionInfo,
  HostState,
  PatchRequest,
  RouteInfo,
  SettingInfo,
  StatusInfo,
} from '@tutti/common';
import { checkSdp, parseChannelList, parseChannelMap, parseDestination } from '@tutti/model';
import type { Reply } from './reply.ts';
import { sampleItems, sampleRows } from './sample-contributions.ts';
import { engineLogText } from './sample-extras.ts';
import { sampleArrivals, sampleClock } from './sample-measurements.ts';
import { receiver, sdpText, sender } from './sample-state.ts';

/** What an answer may look at and change. */
interface Model {
  readonly state: HostState;
  readonly events: readonly EventInfo[];
  readonly contributions: ContributionsInfo;
  settingsText: string;
  change(part: Partial<HostState>): void;
}

const json = (status: number, value: unknown): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
const nothing: Reply = { status: 204, type: 'text/plain', body: '' };
const plain = (body: string): Reply => ({ status: 200, type: 'application/sdp', body });

/** Does what a host would do for one request; throws a TuttiError for what it refuses. */
export function answer(host: Model, method: string, path: string, body: string): Reply {
  const [bare = ''] = path.split('?');
  const [, noun = '', id = '', more = ''] = bare.split('/').map(decodeURIComponent);
  switch (`${method} ${noun}${id === '' ? '' : '/*'}${more === '' ? '' : `/${more}`}`) {
    case 'GET status':
      return json(200, host.state.status);
    case 'GET contributions':
      return json(200, host.contributions);
    case 'GET views/*/children':
      return json(200, sampleItems(new URLSearchParams(path.split('?')[1]).get('parent') ?? undefined));
    case 'GET views/*/rows':
      return json(200, { total: sampleRows.length, rows: sampleRows });
    case 'GET sign-in':
      return json(200, { role: 'admin', password: false });
    case 'PUT lock': {
      const { locked, note } = JSON.parse(body) as { locked: boolean; note?: string };
      const { status } = host.state;
      const lock = { since: new Date().toISOString(), ...(note !== undefined && { note }) };
      const unlocked = Object.fromEntries(Object.entries(status).filter(([key]) => key !== 'lock'));
      host.change({ status: locked ? { ...status, lock } : (unlocked as unknown as StatusInfo) });
      return json(200, { locked });
    }
    case 'POST receivers':
      return json(201, addReceiver(host, JSON.parse(body) as AddReceiver));
    case 'PATCH receivers/*': {
      const change = JSON.parse(body) as ChangeReceiver;
      const receivers = host.state.receivers.map((each) =>
        each.id === id ? { ...each, linkOffsetMs: change.linkOffsetMs ?? 3 } : each,
      );
      host.change({ receivers });
      return json(
        200,
        receivers.find((each) => each.id === id),
      );
    }
    case 'GET receivers/*/arrivals':
      return json(200, sampleArrivals());
    case 'GET clock/*':
      return json(200, sampleClock(host.state.status.clock));
    case 'DELETE receivers/*':
      host.change({ receivers: without(host.state.receivers, id) });
      return nothing;
    case 'POST routes/*':
      return json(200, patch(host, JSON.parse(body) as PatchRequest));
    case 'POST senders':
      return json(201, addSender(host, JSON.parse(body) as AddSender));
    case 'DELETE senders/*':
      host.change({ senders: without(host.state.senders, id) });
      return nothing;
    case 'GET senders/*/sdp': {
      const found = host.state.senders.find((item) => item.id === id);
      return plain(
        sdpText(
          found?.name ?? '',
          found?.channels ?? 0,
          (found?.legs ?? []).map(({ address }) => address),
        ),
      );
    }
    case 'GET events':
      return json(200, { run: 'stand-in', events: host.events });
    case 'GET logs/*':
      return plain(engineLogText);
    case 'GET extensions':
      return json(200, host.state.extensions);
    case 'POST extensions/*':
      return json(201, addExtension(host));
    case 'GET extensions/*/impact':
      return json(200, {
        dependents: id === 'tutti.aes67' ? ['tutti.ravenna'] : [],
        receivers: [],
        senders: [],
        clock: false,
      });
    case 'POST extensions/*/enable':
    case 'POST extensions/*/disable':
      return json(200, setExtension(host, id, more));
    case 'DELETE extensions/*':
      host.change({ extensions: without(host.state.extensions, id) });
      return nothing;
    case 'GET settings':
      return json(200, host.state.settings);
    case 'PATCH settings':
      changeSettings(host, JSON.parse(body) as Record<string, unknown>);
      return json(200, host.state.settings);
    case 'GET settings/*':
      return plain(host.settingsText);
    case 'PUT settings/*':
      host.settingsText = body;
      return json(200, host.state.settings);
    case 'PATCH device':
      host.change({
        status: {
          ...host.state.status,
          device: { ...host.state.status.device, ...(JSON.parse(body) as object) },
        },
      });
      return json(200, host.state.status.device);
    case 'POST sdp/*':
      return json(200, checkSdp(body));
    default:
      throw fail('notFound', `There is no ${method} ${path}.`);
  }
}

function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new TuttiError(result.error);
  return result.value;
}

function without<T extends { readonly id: string }>(items: readonly T[], id: string): readonly T[] {
  if (!items.some((item) => item.id === id)) throw fail('notFound', `There is no ${id}.`);
  return items.filter((item) => item.id !== id);
}

function addReceiver(host: Model, wanted: AddReceiver) {
  const { sessions, receivers } = host.state;
  const session = sessions.find(({ id }) => id === wanted.sessionId);
  const read = session?.description ?? checkSdp(wanted.sdp ?? '').session;
  const stream = read?.streams[0];
  if (!read || !stream) {
    throw fail('invalid', 'This is no SDP of an audio session.', {
      field: 'sdp',
      fix: 'Paste it whole, from its line v=0 on.',
    });
  }
  const used = new Set(receivers.flatMap(({ map }) => map.map(([, input]) => input)));
  const map =
    wanted.map === undefined
      ? freeInputs(used, stream.channels).map((input, i) => [i + 1, input] as const)
      : orThrow(parseChannelMap(wanted.map));
  const taken = map.map(([, input]) => input).find((input) => used.has(input));
  if (taken !== undefined) {
    throw fail('conflict', `Input ${taken} already has a receiver.`, {
      field: 'receivers[0].map',
      fix: 'Choose free inputs, or remove that receiver.',
    });
  }
  const addresses = stream.legs.map(({ address }) => address);
  const id = `r${Date.now()}${receivers.length}`;
  const added = {
    ...receiver(id, wanted.name ?? read.name, session?.id, stream.channels, 1, addresses),
    linkOffsetMs: wanted.linkOffsetMs ?? 3,
    map,
    channelLabels: [],
  };
  host.change({ receivers: [...receivers, added] });
  return added;
}

function freeInputs(used: ReadonlySet<number>, count: number): number[] {
  return Array.from({ length: 128 }, (_, i) => i + 1)
    .filter((input) => !used.has(input))
    .slice(0, count);
}

function addSender(host: Model, wanted: AddSender) {
  const outputs = orThrow(parseChannelList(wanted.channels));
  const { address } = orThrow(parseDestination(wanted.dest ?? '239.69.20.9', 'senders[2].legs[0].dest'));
  const added = sender(`s${Date.now()}`, wanted.name, outputs.length, outputs[0] ?? 1, address);
  host.change({ senders: [...host.state.senders, added] });
  return added;
}

/** As the host does it, without its care: what the page sends is right, or a test says what is refused. */
function patch(host: Model, { clear = [], remove = [], receive = [], set = [], dryRun }: PatchRequest) {
  const before = host.state;
  if (dryRun === true) return { receivers: [], undo: {} };
  for (const route of clear) host.change(withoutRoute(host.state, route));
  for (const id of remove) host.change({ receivers: without(host.state.receivers, id) });
  const receivers = receive.map((wanted) => addReceiver(host, wanted));
  for (const route of set) host.change(withRoute(host.state, route));
  const undo: PatchRequest = {
    clear: [
      ...set,
      ...receivers.flatMap(({ id, map }) =>
        map.map(([channel, input]) => ({ receiverId: id, channel, input })),
      ),
    ],
    remove: receivers.map(({ id }) => id),
    set: clear.filter(({ receiverId }) => before.receivers.some(({ id }) => id === receiverId)),
  };
  return { receivers, undo };
}

const withRoute = (
  state: HostState,
  { receiverId, senderId, channel, input = 0, output = 0 }: RouteInfo,
) => ({
  receivers: state.receivers.map((each) =>
    each.id === receiverId ? { ...each, map: [...each.map, [channel, input] as const] } : each,
  ),
  senders: state.senders.map((each) =>
    each.id === senderId ? { ...each, map: [...each.map, [output, channel] as const] } : each,
  ),
});

const withoutRoute = (state: HostState, { receiverId, senderId, channel, input, output }: RouteInfo) => ({
  receivers: state.receivers.map((each) =>
    each.id === receiverId
      ? { ...each, map: each.map.filter(([from, to]) => from !== channel || to !== input) }
      : each,
  ),
  senders: state.senders.map((each) =>
    each.id === senderId
      ? { ...each, map: each.map.filter(([from, to]) => from !== output || to !== channel) }
      : each,
  ),
});

function changeSettings(host: Model, change: Readonly<Record<string, unknown>>): void {
  const { settings, path } = host.state.settings;
  for (const [key, value] of Object.entries(change)) {
    const { maximum } = settings.find((each) => each.key === key)?.schema ?? {};
    if (typeof maximum === 'number' && Number(value) > maximum)
      throw fail('invalid', `setting ${key}: must be <= ${maximum}`, { field: key });
  }
  const changed = (each: SettingInfo): SettingInfo =>
    each.key in change
      ? { ...each, value: change[each.key] ?? each.schema['default'], isSet: change[each.key] !== null }
      : each;
  host.change({ settings: { path, settings: settings.map(changed) } });
}

function setExtension(host: Model, id: string, verb: string): ExtensionInfo {
  const found = host.state.extensions.find((each) => each.id === id);
  if (!found) throw fail('notFound', `There is no ${id}.`);
  const { origin, displayName, version, dependencies, permissions, contributions } = found;
  const rest = { id, origin, displayName, version, dependencies, permissions, contributions };
  const next: ExtensionInfo =
    verb === 'enable' ? { ...rest, state: 'active' } : { ...rest, state: 'disabled', reason: 'byUser' };
  host.change({ extensions: host.state.extensions.map((each) => (each.id === id ? next : each)) });
  return next;
}

function addExtension(host: Model): ExtensionInfo {
  const added: ExtensionInfo = {
    ...{ id: 'acme.dropped', displayName: 'Dropped', version: '1.0.0', origin: 'installed', state: 'active' },
    ...{ dependencies: [], permissions: [], contributions: [] },
  };
  host.change({ extensions: [...host.state.extensions, added] });
  return added;
}
