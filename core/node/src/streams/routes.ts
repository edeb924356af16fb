import { fail } from '@tutti/base';
import type { StoredState } from '../state/stored-state.ts';

/**
 * Checks all routes of a state: positions inside the device and the stream, an input taken once at most, a stream channel
 * fed once at most, an output sent once at most unless its sender shares.
 *
 * @throws TuttiError `conflict` or `invalid`, with field `map`; numbers in messages count from 1.
 */
export function checkRoutes(state: StoredState): void {
  checkReceivers(state);
  checkSenders(state);
}

/** Device inputs that no receiver uses, from 0, in order. */
export function freeInputs(state: StoredState): readonly number[] {
  const taken = new Set(state.receivers.flatMap((receiver) => receiver.routes.map(([, input]) => input)));
  return Array.from({ length: state.device.inputs }, (_, i) => i).filter((input) => !taken.has(input));
}

function checkReceivers({ device, receivers }: StoredState): void {
  const takenBy = new Map<number, string>();
  for (const { id, name, stream, routes } of receivers) {
    for (const [channel, input] of routes) {
      if (channel >= stream.channels) throw outside('stream channel', channel, stream.channels);
      if (input >= device.inputs) throw outside('device input', input, device.inputs);
      const owner = takenBy.get(input);
      if (owner !== undefined) {
        throw fail('conflict', `device input ${input + 1} is taken by ${owner}`, {
          field: 'map',
          fix: 'map to other inputs, or clear that route first',
        });
      }
      takenBy.set(input, `receiver ${id} (${name})`);
    }
  }
}

function checkSenders({ device, senders }: StoredState): void {
  const sentBy = new Map<number, { readonly id: string; readonly share: boolean }>();
  for (const { id, channels, routes, share } of senders) {
    const fed = new Set<number>();
    for (const [output, channel] of routes) {
      if (channel >= channels) throw outside('stream channel', channel, channels);
      if (output >= device.outputs) throw outside('device output', output, device.outputs);
      if (fed.has(channel)) {
        throw fail('conflict', `channel ${channel + 1} of sender ${id} is fed by another output already`, {
          field: 'map',
          fix: 'clear that route first',
        });
      }
      fed.add(channel);
      const other = sentBy.get(output);
      if (other !== undefined && other.id !== id && !share && !other.share) {
        throw fail('conflict', `device output ${output + 1} is sent by sender ${other.id} already`, {
          field: 'channels',
          fix: 'choose other outputs, or share them (--share)',
        });
      }
      if (other === undefined) sentBy.set(output, { id, share });
    }
  }
}

function outside(what: string, position: number, count: number): Error {
  return fail('invalid', `there is no ${what} ${position + 1}: there are ${count}`, { field: 'map' });
}
