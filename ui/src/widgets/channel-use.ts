import type { DsdInfo, ReceiverInfo, SenderInfo } from '@tutti/common';

/** Who uses a device channel: `AVIO-USB 1` as a person reads it. Index 0 is channel 1. */
export type ChannelUse = readonly (string | undefined)[];

/** What arrives at each device input. */
export function inputUse(inputs: number, receivers: readonly ReceiverInfo[]): ChannelUse {
  const use = new Array<string | undefined>(inputs).fill(undefined);
  for (const receiver of receivers) {
    for (const [channel, input] of receiver.map) {
      const label = receiver.channelLabels[channel - 1];
      use[input - 1] =
        `${receiver.name} ${label === undefined ? channel : `${channel} “${label}”`}${dsdText(receiver.dsd)}`;
    }
  }
  return use.slice(0, inputs);
}

/** Where each device output goes; several senders may take the same one. */
export function outputUse(outputs: number, senders: readonly SenderInfo[]): ChannelUse {
  const use = new Array<string | undefined>(outputs).fill(undefined);
  for (const sender of senders) {
    for (const [output, channel] of sender.map) {
      const before = use[output - 1];
      use[output - 1] =
        `${before === undefined ? '' : `${before}, `}${sender.name} ${channel}${dsdText(sender.dsd)}`;
    }
  }
  return use.slice(0, outputs);
}

/** Such a channel has no level, and says why. */
function dsdText(dsd: DsdInfo | undefined): string {
  return dsd?.as === 'dop' ? ` (${dsd.name})` : '';
}

/** The next `count` inputs that nobody uses: what the host takes when no map is given. */
export function freeInputs(use: ChannelUse, count: number): readonly number[] {
  const free: number[] = [];
  for (let i = 0; i < use.length && free.length < count; i++) if (use[i] === undefined) free.push(i + 1);
  return free;
}
