import { maxNameBytes, writeSubscribe, writeUnsubscribe } from '../wire/arc-requests.ts';
import { resultCode } from '../wire/control-message.ts';
import { problem } from '../problem.ts';
import type { ReceiveChannel } from './device.ts';
import type { DeviceDirectory } from './device-directory.ts';

/** Milliseconds that a device gets to think about a subscription before it is asked about it. */
const settleMs = 500;

/** What a receive channel of a Dante device shall receive. */
export interface WantedSubscription {
  readonly device: string;
  /** From 1. */
  readonly channel: number;
  /** Absent: nothing any more. */
  readonly from?: { readonly channel: string; readonly device: string };
}

/** What the change would do, in words, and the channel as it is. @throws a problem: `notFound`, `invalid`. */
export function planSubscription(
  devices: DeviceDirectory,
  { device: name, channel: number, from }: WantedSubscription,
): { readonly text: string; readonly channel: ReceiveChannel } {
  const device = devices.find(name);
  if (device?.state !== 'present') {
    throw problem('notFound', `No Dante device ${name} is there.`, {
      field: 'device',
      fix: 'See "dante-compat.devices".',
    });
  }
  const channel = device.reading?.receive.find((each) => each.number === number);
  if (!channel) throw problem('notFound', `${name} has no receive channel ${number}.`, { field: 'channel' });
  for (const [field, text] of Object.entries(from ?? {})) {
    const bytes = Buffer.byteLength(text);
    if (bytes < 1 || bytes > maxNameBytes) {
      throw problem('invalid', `Names on Dante devices have 1 to ${maxNameBytes} bytes.`, {
        field: `from.${field}`,
      });
    }
  }
  const now = channel.from ? `${channel.from.channel}@${channel.from.device}` : 'nothing';
  const then = from ? `${from.channel}@${from.device}` : 'nothing';
  return { channel, text: `${channel.label}@${name} receives ${now} and would receive ${then}.` };
}

/**
 * Has the device subscribe, or unsubscribe, and reads what it says of it then.
 * @throws a problem: `timeout`, `permission` if the device refuses.
 */
export async function changeSubscription(
  devices: DeviceDirectory,
  { device, channel, from }: WantedSubscription,
): Promise<ReceiveChannel | undefined> {
  const answer = await devices.ask(device, (transaction) =>
    from
      ? writeSubscribe(transaction, [{ channel, fromChannel: from.channel, fromDevice: from.device }])
      : writeUnsubscribe(transaction, [channel]),
  );
  if (!answer.ok) throw problem('timeout', answer.error.message);
  if (answer.value.result !== resultCode.done) {
    const locked = answer.value.result === resultCode.locked;
    throw problem('permission', `${device} refuses.`, {
      fix: locked ? 'Unlock it in Dante Controller.' : 'See what Dante Controller says of the device.',
    });
  }
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  await devices.refresh(device);
  return devices.find(device)?.reading?.receive.find((each) => each.number === channel);
}
