import { formatChannelMap } from '@tutti/model';
import type { Result } from '@tutti/base';
import type { AddReceiver, AddSender, ReceiverInfo, SenderInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** What makes a receiver like one that was removed; undefined if the host knows its description no more. */
export function receiverAgain(removed: ReceiverInfo): AddReceiver | undefined {
  const { name, sessionId, url, stream, linkOffsetMs, codec, map, legs, timing } = removed;
  const from = sessionId === undefined ? url !== undefined && { url } : { sessionId };
  if (from === false || map.length === 0) return undefined;
  return {
    ...from,
    ...{ stream, name, linkOffsetMs, codec },
    map: formatChannelMap(map),
    interface: legs.map((leg) => leg.interface).join(','),
    // Only a person chooses this one; the others are what the host finds out again.
    ...(timing === 'arrival' && { timing }),
  };
}

/**
 * What makes a sender like one that was removed; undefined if one request cannot: of two legs, or with a map that is not in order.
 *
 * @param senders those that were there with it.
 */
export function senderAgain(removed: SenderInfo, senders: readonly SenderInfo[]): AddSender | undefined {
  const { name, map, encoding, rate, framesPerPacket, payloadType, dscp, ttl, legs } = removed;
  const [leg] = legs;
  const inOrder = map.length > 0 && map.every(([, channel], i) => channel === i + 1);
  if (!leg || legs.length > 1 || !inOrder) return undefined;
  return {
    name,
    channels: map.map(([output]) => output).join(','),
    format: encoding,
    ptime: (1000 * framesPerPacket) / rate,
    dest: `${leg.address}:${leg.port}`,
    interface: leg.interface,
    ...{ payloadType, dscp, ttl },
    ...(sharesOutputs(removed, senders) && { share: true }),
  };
}

function sharesOutputs({ id, map }: SenderInfo, senders: readonly SenderInfo[]): boolean {
  const outputs = new Set(map.map(([output]) => output));
  return senders.some((other) => other.id !== id && other.map.some(([output]) => outputs.has(output)));
}

/** Says that something was removed and, for a while, offers to bring it back. @param again undefined: that cannot be done. */
export function sayRemoved(
  workbench: Workbench,
  message: string,
  again: (() => Promise<Result<unknown>>) | undefined,
): void {
  const undo = async (): Promise<void> => {
    const result = await again?.();
    if (result?.ok === false)
      workbench.notify(result.error.message, { tone: 'bad', detail: result.error.fix });
  };
  const actions = again ? [{ label: localize('streams.undo', 'Undo'), run: undo }] : [];
  workbench.notify(message, { passing: true, actions });
}
