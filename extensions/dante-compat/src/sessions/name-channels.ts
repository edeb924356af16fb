import type { SessionDescription, SessionStream } from '@tutti/model';
import { modelOf, type DanteDevice } from '../devices/device.ts';

/**
 * The device that sends a session: the one with the address of its o= line. Failing that, one whose name stands before the
 * number of the flow, as in `stage : 32`, if the session says that it is Dante's (a=keywds); devices on two networks announce
 * by either address.
 */
export function senderOf(
  session: SessionDescription,
  devices: readonly DanteDevice[],
): DanteDevice | undefined {
  const { address } = session.origin;
  const sending = devices.filter((device) => device.addresses.includes(address));
  // An address passes from one device to the next: who is there now has it.
  const found = sending.find(({ state }) => state === 'present') ?? sending[0];
  if (found) return found;
  if (session.keywords?.toLowerCase() !== 'dante') return undefined;
  const name = /^(.*) : \d+$/.exec(session.name)?.[1];
  return devices.find((device) => device.name === name);
}

/**
 * Gives a session's channels the names that they have on the device that sends it, and says which device that is. An
 * announcement lists channels by name (corpus sdp/xcel1201_dante.sdp), often by that of the factory (sdp/dante_avio_usb.sdp), and
 * is not renewed when somebody renames one. The session stays as it is if no known device sends it.
 */
export function nameChannels(
  session: SessionDescription,
  devices: readonly DanteDevice[],
): SessionDescription {
  const device = senderOf(session, devices);
  if (!device) return session;
  const model = modelOf(device);
  const information = `Dante device ${device.name}${model === undefined ? '' : ` (${model})`}`;
  return { ...session, information, streams: session.streams.map((stream) => nameStream(stream, device)) };
}

function nameStream(stream: SessionStream, { reading }: DanteDevice): SessionStream {
  const channels = reading?.transmit ?? [];
  const labelOf = new Map(channels.map(({ factoryName, label }) => [factoryName, label]));
  const announced = stream.channelLabels;
  // A small device sends all that it has, and then in order: an announcement without names leaves no doubt.
  if (announced.length === 0 && channels.length > 0 && channels.length === stream.channels) {
    return { ...stream, channelLabels: channels.map(({ label }) => label) };
  }
  return { ...stream, channelLabels: announced.map((name) => labelOf.get(name) ?? name) };
}
