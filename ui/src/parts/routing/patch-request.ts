import type { AddReceiver, PatchRequest, RouteInfo } from '@tutti/common';
import { formatChannelMap, type ChannelPair } from '@tutti/model';
import type { PatchBay } from './patch-bay.ts';
import type { Proposal } from './proposal.ts';

/** A proposal as the host takes it: one step, which makes the receivers that it needs. */
export function patchRequest(bay: PatchBay, { make, clear }: Pick<Proposal, 'make' | 'clear'>): PatchRequest {
  const set: RouteInfo[] = [];
  const unreceived = new Map<string, { receiver: AddReceiver; pairs: ChannelPair[] }>();
  const streams = bay.face === 'receive' ? bay.sources : bay.destinations;
  for (const { source, destination } of make) {
    const from = bay.sources.channels[source]?.number ?? 0;
    const to = bay.destinations.channels[destination]?.number ?? 0;
    const group =
      streams.groups[streams.channels[bay.face === 'receive' ? source : destination]?.group ?? -1];
    const { receiverId, senderId, sessionId, stream = 0 } = group?.ref ?? {};
    if (receiverId !== undefined) set.push({ receiverId, channel: from, input: to });
    else if (senderId !== undefined) set.push({ senderId, channel: to, output: from });
    else if (group && sessionId !== undefined) {
      const wanted = unreceived.get(group.id) ?? { receiver: { sessionId, stream }, pairs: [] };
      wanted.pairs.push([from, to]);
      unreceived.set(group.id, wanted);
    }
  }
  const receive = [...unreceived.values()].map(({ receiver, pairs }) => ({
    ...receiver,
    map: formatChannelMap(pairs),
  }));
  return { clear: clear.map(({ route }) => route), set, receive };
}
