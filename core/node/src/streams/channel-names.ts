import type { DevicePlan } from '@tutti/common';
import type { StoredState } from '../state/stored-state.ts';

/**
 * What applications call the device's channels: the stream and its channel that a route leads to. An output that several
 * senders send is named after the first.
 */
export function channelNames({
  device,
  receivers,
  senders,
}: StoredState): Required<Pick<DevicePlan, 'inputNames' | 'outputNames'>> {
  const inputNames = Array.from({ length: device.inputs }, () => '');
  for (const { name, stream, routes } of receivers) {
    for (const [channel, input] of routes) {
      inputNames[input] = `${name} ${stream.channelLabels[channel] ?? channel + 1}`;
    }
  }
  const outputNames = Array.from({ length: device.outputs }, () => '');
  for (const { name, routes } of senders) {
    for (const [output, channel] of routes) outputNames[output] ||= `${name} ${channel + 1}`;
  }
  return { inputNames, outputNames };
}
