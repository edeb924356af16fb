import { err, fail, ok, type Problem, type Result } from '@tutti/base';
import type { SenderPlan } from '@tutti/common';
import { senderFramesPerPacket } from '@tutti/model';
import type { StoredDevice, StoredSender } from '../state/stored-state.ts';
import { addressOf, type PlanEnvironment } from './plan-environment.ts';
import { interfaceGone, isStreamGroup, payloadTooLarge, tooManyChannels } from './stream-problems.ts';
import { codecOf } from './stream-codec.ts';

/** What the engine is to do for a sender, or why it cannot. */
export function planSender(
  sender: StoredSender,
  device: StoredDevice,
  environment: PlanEnvironment,
): Result<SenderPlan, Problem> {
  // What is sent is of its encoding whatever the codec: one for what hides inside keeps it whole.
  const outputs = { encoding: sender.encoding, rate: device.rate };
  const codec = codecOf(outputs, { ...environment, codecs: {} }, 'format');
  if (!codec.ok) return codec;
  const wrong =
    tooManyChannels(sender.channels, 'channels') ??
    payloadTooLarge(sender.encoding, sender.channels, sender.packetTime, device.rate) ??
    notMulticast(sender);
  if (wrong !== undefined) return err(wrong.problem);
  const legs: SenderPlan['legs'][number][] = [];
  for (const leg of sender.legs) {
    const local = addressOf(environment, leg.interface);
    // Both paths or none: a session that promises two and sends one would deceive its receivers.
    if (local === undefined) return err(interfaceGone(leg.interface).problem);
    legs.push({ address: leg.address, port: leg.port, interface: local });
  }
  return ok({
    id: sender.id,
    codec: codec.value,
    channels: sender.channels,
    framesPerPacket: senderFramesPerPacket(sender.packetTime, device.rate),
    payloadType: sender.payloadType,
    offset: 0,
    dscp: sender.dscp,
    ttl: sender.ttl,
    legs,
    routes: sender.routes,
  });
}

function notMulticast(sender: StoredSender): ReturnType<typeof fail> | undefined {
  const wrong = sender.legs.find((leg) => !isStreamGroup(leg.address));
  if (wrong === undefined) return undefined;
  return fail('invalid', `${wrong.address} is not a multicast address that streams may use`, {
    field: 'dest',
    fix: 'use one of 239.0.0.0 to 239.255.255.255',
  });
}
