import type { HostState, ReceiverInfo, RouteInfo, SenderInfo, SessionInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { formatText } from '../../widgets/words.ts';
import { streamText } from '../sessions/session-words.ts';
import { assignColours } from './stream-colours.ts';

/** Which side of the device: what comes in (sessions to inputs), or what goes out (outputs to senders). */
export type Face = 'receive' | 'send';

/** The stream whose channels a group holds; absent for groups of device channels. */
export interface StreamRef {
  readonly receiverId?: string;
  /** Announced, and received once a route is made. */
  readonly sessionId?: string;
  /** Which stream of the session, from 0. */
  readonly stream?: number;
  readonly senderId?: string;
}

/** Channels that fold together: those of a stream, or sixteen of the device. */
export interface ChannelGroup {
  /** Stays the same when a session gets a receiver. */
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly ref?: StreamRef;
  /** Place in the palette of streams. */
  readonly colour?: number;
  /** Why nothing can be patched here. */
  readonly impossible?: string;
  /** Place of its first channel on the axis. */
  readonly first: number;
  readonly count: number;
}

/** One channel of an axis. */
export interface AxisChannel {
  /** Place of its group on the axis. */
  readonly group: number;
  /** Number in its stream or in the device, from 1. */
  readonly number: number;
  /** Its name, if anybody gave it one. */
  readonly label?: string;
}

export interface Axis {
  readonly groups: readonly ChannelGroup[];
  readonly channels: readonly AxisChannel[];
}

/** A crosspoint by places on the axes, from 0. */
export interface Crossing {
  readonly source: number;
  readonly destination: number;
}

/** A crosspoint that is made. */
export interface Patched extends Crossing {
  readonly route: RouteInfo;
}

/**
 * One face of the device as a field of crosspoints: sources across, destinations down. A destination has one source at most,
 * a source any number of destinations.
 */
export interface PatchBay {
  readonly face: Face;
  readonly sources: Axis;
  readonly destinations: Axis;
  readonly patched: readonly Patched[];
  /** By destination. */
  readonly patchedTo: ReadonlyMap<number, Patched>;
}

/** Device channels fold in groups of this many. */
export const deviceGroup = 16;

/** What the face shows of the host's state. */
export function patchBay(
  face: Face,
  state: Pick<HostState, 'sessions' | 'receivers' | 'senders' | 'status'>,
): PatchBay {
  return face === 'receive' ? receiveBay(state) : sendBay(state);
}

function receiveBay({ sessions, receivers, status }: Parameters<typeof patchBay>[1]): PatchBay {
  const sources = streamAxis(
    [...receivers.map(receiverGroup), ...unreceived(sessions, receivers)].sort(byTitle),
  );
  const place = new Map(
    sources.groups.flatMap(({ ref, first }) =>
      ref?.receiverId === undefined ? [] : [[ref.receiverId, first]],
    ),
  );
  const patched = receivers.flatMap(({ id, map }) =>
    map.map(([channel, input]) => ({
      source: (place.get(id) ?? 0) + channel - 1,
      destination: input - 1,
      route: { receiverId: id, channel, input },
    })),
  );
  return bay('receive', sources, deviceAxis('inputs', status.device.inputs), patched);
}

function sendBay({ senders, status }: Parameters<typeof patchBay>[1]): PatchBay {
  const destinations = streamAxis(senders.map(senderGroup).sort(byTitle));
  const place = new Map(destinations.groups.map(({ ref, first }) => [ref?.senderId, first]));
  const patched = senders.flatMap(({ id, map }) =>
    map.map(([output, channel]) => ({
      source: output - 1,
      destination: (place.get(id) ?? 0) + channel - 1,
      route: { senderId: id, channel, output },
    })),
  );
  return bay('send', deviceAxis('outputs', status.device.outputs), destinations, patched);
}

function bay(face: Face, sources: Axis, destinations: Axis, patched: readonly Patched[]): PatchBay {
  const patchedTo = new Map(patched.map((each) => [each.destination, each]));
  return { face, sources, destinations, patched, patchedTo };
}

type UnplacedGroup = Omit<ChannelGroup, 'first'> & { readonly labels: readonly string[] };

function receiverGroup(receiver: ReceiverInfo): UnplacedGroup {
  const { id, name, sessionId, stream, channels, channelLabels } = receiver;
  return {
    id: sessionId === undefined ? `receiver:${id}` : sessionGroupId(sessionId, stream),
    title: name,
    detail: formatText(receiver),
    ref: { receiverId: id },
    count: channels,
    labels: channelLabels,
  };
}

/** Streams of announced sessions that nobody receives here. */
function unreceived(sessions: readonly SessionInfo[], receivers: readonly ReceiverInfo[]): UnplacedGroup[] {
  const received = new Set(
    receivers.flatMap(({ sessionId, stream }) =>
      sessionId === undefined ? [] : [sessionGroupId(sessionId, stream)],
    ),
  );
  return sessions
    .filter(({ state }) => state === 'announced')
    .flatMap(({ id, name, description, problems }) =>
      description.streams.map((stream, index): UnplacedGroup => {
        const error = problems.find(({ severity }) => severity === 'error')?.message;
        return {
          id: sessionGroupId(id, index),
          title: description.streams.length > 1 ? `${name} (${index + 1})` : name,
          detail: streamText(stream),
          ref: { sessionId: id, stream: index },
          count: stream.channels,
          labels: stream.channelLabels,
          ...(error !== undefined && { impossible: error }),
        };
      }),
    )
    .filter(({ id }) => !received.has(id));
}

function senderGroup(sender: SenderInfo): UnplacedGroup {
  const { id, name, channels } = sender;
  return {
    id: `sender:${id}`,
    title: name,
    detail: formatText(sender),
    ref: { senderId: id },
    count: channels,
    labels: [],
  };
}

const sessionGroupId = (session: string, stream: number): string => `session:${session}/${stream}`;

/** By name as people count, `Stage 2` before `Stage 10`; the id decides between equals, so that the order is stable. */
const byTitle = (a: UnplacedGroup, b: UnplacedGroup): number =>
  collator.compare(a.title, b.title) || (a.id < b.id ? -1 : 1);
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function streamAxis(unplaced: readonly UnplacedGroup[]): Axis {
  const groups: ChannelGroup[] = [];
  const channels: AxisChannel[] = [];
  const colours = assignColours(unplaced.map(({ id }) => id));
  for (const [index, { labels, ...group }] of unplaced.entries()) {
    groups.push({ ...group, first: channels.length, colour: colours[index] ?? 0 });
    for (let i = 0; i < group.count; i++) {
      const label = labels[i] ?? '';
      // A label that only repeats the number says nothing.
      const isName = label !== '' && label !== String(i + 1);
      channels.push({ group: index, number: i + 1, ...(isName && { label }) });
    }
  }
  return { groups, channels };
}

function deviceAxis(side: 'inputs' | 'outputs', count: number): Axis {
  const groups = Array.from({ length: Math.ceil(count / deviceGroup) }, (_, index): ChannelGroup => {
    const first = index * deviceGroup;
    const size = Math.min(deviceGroup, count - first);
    const range = `${first + 1}–${first + size}`;
    return {
      id: `${side}:${first}`,
      title:
        side === 'inputs'
          ? localize('routing.inputs', 'Inputs {0}', range)
          : localize('routing.outputs', 'Outputs {0}', range),
      detail: '',
      first,
      count: size,
    };
  });
  const channels = Array.from({ length: count }, (_, i) => ({
    group: Math.floor(i / deviceGroup),
    number: i + 1,
  }));
  return { groups, channels };
}
