import { createHash } from 'node:crypto';
import { fail, TuttiError } from '@tutti/base';
import type { AddSender, ChangeSender } from '@tutti/common';
import {
  defaultRtpPort,
  parseChannelList,
  parseDestination,
  parseIpv4,
  type Destination,
} from '@tutti/model';
import type { Interfaces } from '../platform/interfaces.ts';
import type { StoredSender, StoredState } from '../state/stored-state.ts';
import { chooseInterfaces } from './interface-choice.ts';

export interface SenderDefaults {
  readonly payloadType: number;
  readonly dscp: number;
  readonly ttl: number;
  /** As in `239.69`. */
  readonly groupPrefix: string;
}

/** Longest session name: `s=` is shown by devices with small displays. */
const maxName = 64;

/** The sender that a request means. Its id is given when it enters the state. @throws TuttiError. */
export function makeSender(
  request: AddSender,
  state: StoredState,
  interfaces: Interfaces,
  usedGroups: ReadonlySet<string>,
  defaults: SenderDefaults,
): Omit<StoredSender, 'id'> {
  const name = readName(request.name);
  const outputs = parseChannelList(request.channels, 'channels', state.device.outputs);
  if (!outputs.ok) throw new TuttiError(outputs.error);
  const payloadType = integerIn(request.payloadType ?? defaults.payloadType, 96, 127, 'payloadType');
  const legs = chooseLegs(request, interfaces, usedGroups, defaults.groupPrefix, state);
  return {
    name,
    encoding: (request.format ?? 'L24').toUpperCase(),
    channels: outputs.value.length,
    packetTime: positive(request.ptime ?? 1, 'ptime'),
    payloadType,
    legs,
    dscp: integerIn(request.dscp ?? defaults.dscp, 0, 63, 'dscp'),
    ttl: integerIn(request.ttl ?? defaults.ttl, 1, 255, 'ttl'),
    routes: outputs.value.map((output, channel) => [output - 1, channel]),
    share: request.share ?? false,
    sessionId: freshSessionId(state),
    sessionVersion: 0,
  };
}

/**
 * The sender with what a person changed; session, channels and interfaces stay. @throws TuttiError.
 * @param others the state without this sender
 * @param usedGroups of others
 */
export function changeSender(
  sender: StoredSender,
  change: ChangeSender,
  others: StoredState,
  interfaces: Interfaces,
  usedGroups: ReadonlySet<string>,
  defaults: SenderDefaults,
): StoredSender {
  const { name, format, ptime, dest } = change;
  const via = sender.legs.map((leg) => leg.interface).join(',');
  return {
    ...sender,
    ...(name !== undefined && { name: readName(name) }),
    ...(format !== undefined && { encoding: format.toUpperCase() }),
    ...(ptime !== undefined && { packetTime: positive(ptime, 'ptime') }),
    ...(dest !== undefined && {
      legs: chooseLegs({ dest, interface: via }, interfaces, usedGroups, defaults.groupPrefix, others),
    }),
  };
}

function readName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > maxName || /[\u0000-\u001f\u007f]/.test(name)) {
    throw fail('invalid', `a name has 1 to ${maxName} printable characters`, { field: 'name' });
  }
  return name;
}

/** Unique on this machine and rising, as RFC 8866 section 5.2 suggests; ten digits, which every device reads. */
function freshSessionId(state: StoredState): string {
  let id = Math.floor(Date.now() / 1000);
  while (state.senders.some((sender) => sender.sessionId === String(id))) id += 1;
  return String(id);
}

function chooseLegs(
  request: Pick<AddSender, 'dest' | 'interface'>,
  interfaces: Interfaces,
  used: ReadonlySet<string>,
  prefix: string,
  state: StoredState,
): StoredSender['legs'] {
  const given = request.dest?.split(',').map(readDestination);
  if (given !== undefined && given.length > 2)
    throw fail('invalid', 'a stream has one or two paths', { field: 'dest' });
  const asked = request.interface?.split(',').length ?? 1;
  const count = given?.length ?? Math.min(2, asked);
  const names = chooseInterfaces(
    interfaces,
    Array.from({ length: count }, () => ({ near: [] })),
    request.interface,
    undefined,
  );
  const taken = new Set(used);
  return names.map((name, i) => {
    const wanted = given?.[i] ?? prefix;
    const destination =
      typeof wanted === 'string'
        ? freeGroup(wanted, interfaces.find(name)?.address ?? '', taken, state.nextId)
        : wanted;
    const owner = state.senders.find((each) =>
      each.legs.some((leg) => leg.address === destination.address && leg.port === destination.port),
    );
    if (owner !== undefined) {
      throw fail('conflict', `${destination.address}:${destination.port} is used by sender ${owner.id}`, {
        field: 'dest',
        fix: 'AES67 allows one sender a group: choose another',
      });
    }
    taken.add(destination.address);
    return { ...destination, interface: name };
  });
}

/** A group and port, or the first two octets of a network of which any free group will do. */
function readDestination(text: string): Destination | string {
  const network = /^\s*(239\.\d{1,3})\.0\.0\/16\s*$/.exec(text)?.[1];
  if (network !== undefined && parseIpv4(`${network}.0.1`)) return network;
  const read = parseDestination(text);
  if (!read.ok) throw new TuttiError(read.error);
  return read.value;
}

/** A group nobody is known to use. The start is scattered by interface address and number, so that machines differ. */
function freeGroup(prefix: string, address: string, used: ReadonlySet<string>, number: number): Destination {
  const start = createHash('sha256').update(`${address} ${number}`).digest().readUInt16BE(0);
  for (let i = 0; i < 0x10000; i += 1) {
    const low = (start + i) & 0xffff;
    const group = `${prefix}.${low >> 8}.${low & 0xff}`;
    const plain = (low & 0xff) !== 0 && (low & 0xff) !== 255;
    if (plain && !used.has(group)) return { address: group, port: defaultRtpPort };
  }
  throw fail('conflict', `every group of ${prefix}.0.0 is used`, {
    field: 'dest',
    fix: 'give one with --dest',
  });
}

function integerIn(value: number, from: number, to: number, field: string): number {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw fail('invalid', `${field} is a whole number from ${from} to ${to}`, { field });
}

function positive(value: number, field: string): number {
  if (value > 0 && value <= 100) return value;
  throw fail('invalid', `${field} is between 0 and 100 ms`, { field });
}
