import type { AddReceiver, AddSender } from '@tutti/common';
import type { Pipelines } from '../registries/pipelines.ts';
import type { StoredSender } from '../state/stored-state.ts';
import type { ReceiverSource } from './receiver-request.ts';

/** The request for a receiver, as extensions want it (`receiverWillStart`). What they answer is checked like a person's. */
export async function receiverWillStart(
  { receiverWillStart }: Pipelines,
  request: AddReceiver,
  { description, session }: ReceiverSource,
): Promise<AddReceiver> {
  const stream = description.streams[request.stream ?? 0];
  if (stream === undefined || receiverWillStart.size === 0) return request;
  const { timing, linkOffsetMs } = await receiverWillStart.run(
    {
      name: request.name ?? description.name,
      ...(session && { sessionId: session.id }),
      stream,
      timing: request.timing ?? 'auto',
      ...(request.linkOffsetMs !== undefined && { linkOffsetMs: request.linkOffsetMs }),
    },
    undefined,
  );
  return { ...request, timing, ...(linkOffsetMs !== undefined && { linkOffsetMs }) };
}

/** The request for a sender, as extensions want it (`senderWillStart`). @param draft what it would become without them. */
export async function senderWillStart(
  { senderWillStart }: Pipelines,
  request: AddSender,
  draft: () => Omit<StoredSender, 'id'>,
): Promise<AddSender> {
  if (senderWillStart.size === 0) return request;
  const { name, encoding, channels, packetTime, payloadType, dscp, ttl, legs } = draft();
  const wanted = await senderWillStart.run(
    { name, encoding, channels, packetTime, payloadType, dscp, ttl, legs },
    undefined,
  );
  return {
    ...request,
    ptime: wanted.packetTime,
    payloadType: wanted.payloadType,
    dscp: wanted.dscp,
    ttl: wanted.ttl,
  };
}
