import { fail, TuttiError } from '@tutti/base';
import { maxLinkOffsetMs, type AddReceiver, type ChangeReceiver, type SessionInfo } from '@tutti/common';
import {
  deviceChannels,
  inSameSubnet,
  parseChannelMap,
  readSdp,
  type SessionDescription,
} from '@tutti/model';
import type { Interfaces } from '../platform/interfaces.ts';
import { maxStoredName, type StoredReceiver, type StoredState } from '../state/stored-state.ts';
import { chooseInterfaces } from './interface-choice.ts';
import { freeInputs } from './routes.ts';
import { tooManyChannels } from './stream-problems.ts';

/** Where the description of a requested receiver comes from. */
export interface ReceiverSource {
  readonly description: SessionDescription;
  /** The session of the catalogue, if it is one. */
  readonly session?: SessionInfo;
  /** Where it was fetched, or can be. */
  readonly url?: string;
  /** User and password that the URL was given with; it has them no more. */
  readonly userInfo?: string | undefined;
  /** Port for its stream, if that is sent on request. */
  readonly port?: number;
  /** Addresses in the networks of which that is expected, the likeliest first. */
  readonly near?: readonly string[];
}

/** Finds the description that a request names. @throws TuttiError `notFound`, `invalid`. */
export function sourceOf(
  request: AddReceiver,
  find: (id: string) => SessionInfo | undefined,
): ReceiverSource {
  if ((request.sessionId === undefined) === (request.sdp === undefined)) {
    throw fail('invalid', 'a receiver is made from a session or from an SDP', {
      field: 'sessionId',
      fix: 'give exactly one of them',
    });
  }
  if (request.sessionId !== undefined) {
    const session = find(request.sessionId);
    if (session === undefined) {
      throw fail('notFound', `no session ${request.sessionId}`, {
        field: 'sessionId',
        fix: 'see "tutti session list"',
      });
    }
    return { description: session.description, session };
  }
  const { session, problems } = readSdp(request.sdp ?? '');
  if (session !== undefined) return { description: session };
  const first = problems.find((each) => each.severity === 'error') ?? problems[0];
  const place = first === undefined ? '' : ` (line ${first.line}, column ${first.column})`;
  throw fail('invalid', `the SDP cannot be used: ${first?.message ?? 'it is empty'}${place}`, {
    field: 'sdp',
  });
}

/** The receiver that a request means. Its id is given when it enters the state. @throws TuttiError. */
export function makeReceiver(
  request: AddReceiver,
  { description, session, url, port, near: places = [] }: ReceiverSource,
  state: StoredState,
  interfaces: Interfaces,
): Omit<StoredReceiver, 'id'> {
  const streamIndex = request.stream ?? 0;
  const stream = description.streams[streamIndex];
  if (stream === undefined) {
    throw description.streams.length === 0
      ? fail('unsupported', 'the session has no audio stream', { field: 'session' })
      : fail('notFound', `the session has ${description.streams.length} streams, counted from 0`, {
          field: 'stream',
        });
  }
  const tooMany = tooManyChannels(stream.channels, 'session');
  if (tooMany !== undefined) throw tooMany;
  const { linkOffsetMs } = request;
  checkLinkOffset(linkOffsetMs);
  const origin = description.origin.address;
  const near =
    port === undefined
      ? stream.legs.map((leg) => ({ near: [leg.address, ...leg.sources, origin] }))
      : [{ near: [[...places, origin].find((each) => isOnNetwork(interfaces, each)) ?? origin] }];
  return {
    name: (request.name ?? description.name).slice(0, maxStoredName),
    ...(session && { sessionId: session.id }),
    ...(url !== undefined && { url }),
    ...(port !== undefined && { port }),
    streamIndex,
    stream,
    ...(description.clockDomain !== undefined && { clockDomain: description.clockDomain }),
    interfaces: chooseInterfaces(interfaces, near, request.interface, session?.seenBy[0]?.interface),
    ...(linkOffsetMs !== undefined && { linkOffsetMs }),
    timing: request.timing ?? 'auto',
    ...readCodec(request.codec),
    routes: readMap(request.map, stream.channels, state),
  };
}

/** The receiver with what a person changed. @throws TuttiError `invalid`. */
export function changeReceiver(receiver: StoredReceiver, change: ChangeReceiver): StoredReceiver {
  const { linkOffsetMs: before, codec: codecBefore, ...rest } = receiver;
  const { linkOffsetMs = before, name, timing, codec = codecBefore } = change;
  checkLinkOffset(linkOffsetMs ?? undefined);
  return {
    ...rest,
    ...(name !== undefined && { name: name.slice(0, maxStoredName) }),
    ...(timing !== undefined && { timing }),
    ...readCodec(codec),
    ...(linkOffsetMs !== undefined && linkOffsetMs !== null && { linkOffsetMs }),
  };
}

function isOnNetwork(interfaces: Interfaces, address: string): boolean {
  return interfaces.current().some((each) => inSameSubnet(address, each.address, each.netmask));
}

/** `auto` and nothing are the same: the codec that fits. Names are upper case, as in rtpmap. */
function readCodec(codec: string | undefined): Pick<StoredReceiver, 'codec'> {
  return codec === undefined || codec.toLowerCase() === 'auto' ? {} : { codec: codec.toUpperCase() };
}

function checkLinkOffset(ms: number | undefined): void {
  if (ms === undefined || (ms > 0 && ms <= maxLinkOffsetMs)) return;
  throw fail('invalid', `a link offset is between 0 and ${maxLinkOffsetMs} ms`, { field: 'linkOffsetMs' });
}

function readMap(map: string | undefined, channels: number, state: StoredState): StoredReceiver['routes'] {
  if (map === undefined) {
    const free = freeInputs(state);
    if (free.length < channels) {
      throw fail('conflict', `${channels} device inputs are needed, ${free.length} are free`, {
        field: 'map',
        fix: 'map fewer channels with --map, or remove a receiver',
      });
    }
    return free.slice(0, channels).map((input, channel) => [channel, input]);
  }
  const read = parseChannelMap(map, {
    maxFrom: channels,
    maxTo: Math.min(deviceChannels, state.device.inputs),
  });
  if (!read.ok) throw new TuttiError(read.error);
  return read.value.map(([channel, input]) => [channel - 1, input - 1]);
}
