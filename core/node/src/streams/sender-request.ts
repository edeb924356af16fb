import { createHash } from 'node:crypto';
import { fail, TuttiError } from '@tutti/base';
import type { AddSender } from '@tutti/common';
import { defaultRtpPort, parseChannelList, parseDestination, type Destination } from '@tutti/model';
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
  const name = request.name.trim();

  if (name === '' || name.length > maxName || /[\u0000-\u001f\u007f]/.test(name)) {
    throw fail('invalid', `a name has 1 to ${maxName} printable characters`, { field: 'name' });
  }
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

/** Unique on this machine and rising, as RFC 8866 section 5.2 suggests; ten digits, which every device reads. */
function freshSessionId(state: StoredState): string {
  let id = Math.floor(Date.now() / 1000);
  while (state.senders.some((sender) => sender.sessionId === String(id))) id += 1;
  return String(id);
}

function chooseLegs(
  request: AddSender,
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
    const destination =
      given?.[i] ?? freeGroup(prefix, interfaces.find(name)?.address ?? '', taken, state.nextId);
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

function readDestination(text: string): Destination {
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
