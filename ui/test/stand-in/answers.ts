import { fail, TuttiError, type Result } from '@tutti/base';
import type { AddReceiver, AddSender, HostState } from '@tutti/common';
import { checkSdp, parseChannelList, parseChannelMap, parseDestination } from '@tutti/model';
import type { Reply } from './reply.ts';
import { receiver, sdpText, sender } from './sample-state.ts';

/** What an answer may look at and change. */
interface Model {
  readonly state: HostState;
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
  const [, noun = '', id = '', more = ''] = path.split('/').map(decodeURIComponent);
  switch (`${method} ${noun}${id === '' ? '' : '/*'}${more === '' ? '' : `/${more}`}`) {
    case 'GET status':
      return json(200, host.state.status);
    case 'POST receivers':
      return json(201, addReceiver(host, JSON.parse(body) as AddReceiver));
    case 'DELETE receivers/*':
      host.change({ receivers: without(host.state.receivers, id) });
      return nothing;
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
  const id = `r${Date.now()}`;
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
