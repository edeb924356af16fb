import { senderFramesPerPacket, toMac, writeSdp, type ClockIdentity, type SdpContent } from '@tutti/model';
import type { StoredDevice, StoredSender } from '../state/stored-state.ts';
import { clockIdentityOf } from '../streams/clock-identity.ts';
import { addressOf, type PlanEnvironment } from '../streams/plan-environment.ts';

/** What is written when the interface is gone and nothing better is known: a description that names no clock is refused. */
const unknownMac = '00-00-00-00-00-00';

/** The description of a sender, at its present version. */
export function describeSender(
  sender: StoredSender,
  device: StoredDevice,
  environment: PlanEnvironment,
): string {
  const first = sender.legs[0];
  const content: SdpContent = {
    origin: {
      sessionId: sender.sessionId,
      sessionVersion: String(sender.sessionVersion),
      address: (first && addressOf(environment, first.interface)) ?? '0.0.0.0',
    },
    name: sender.name,
    encoding: sender.encoding,
    rate: device.rate,
    channels: sender.channels,
    payloadType: sender.payloadType,
    framesPerPacket: senderFramesPerPacket(sender.packetTime, device.rate),
    legs: sender.legs.map(({ address, port }) => ({ address, port, ttl: sender.ttl })),
    referenceClock: referenceClock(first?.interface, environment),
    mediaOffset: 0,
  };
  return writeSdp(content);
}

/** A grandmaster that is not known any more is not written: receivers would wait for it (FalconChristmas/fpp pull 2849). */
function referenceClock(via: string | undefined, environment: PlanEnvironment): ClockIdentity {
  const found = environment.interfaces.find((each) => each.name === via);
  return (
    clockIdentityOf(environment.clock, found) ?? {
      kind: 'localmac',
      mac: (found && toMac(found.mac)) ?? unknownMac,
    }
  );
}
