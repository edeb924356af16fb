import type { Counters, HostState, MeterFrame } from '@tutti/common';

/** Linear peaks that look like programme on the channels that have a route; `seconds` is the time. */
export function peaksAt(state: HostState, seconds: number): MeterFrame {
  const inputs = new Float32Array(state.status.device.inputs);
  const outputs = new Float32Array(state.status.device.outputs);
  const running = state.receivers.filter((receiver) => receiver.state === 'running');
  for (const [, input] of running.flatMap((receiver) => receiver.map))
    inputs[input - 1] = programme(input, seconds);
  for (const [output] of state.senders.flatMap((sender) => sender.map))
    outputs[output - 1] = programme(output + 57, seconds);
  return { inputs, outputs };
}

/** A level between -50 dBFS and 0 that moves like speech or drums. */
function programme(seed: number, seconds: number): number {
  const base = -16 - ((seed * 7) % 19);
  const slow = 5 * Math.sin(seconds * (0.4 + (seed % 5) * 0.13) + seed);
  const hit = 13 * Math.max(0, Math.sin(seconds * (3 + (seed % 7)) + seed * 1.7)) ** 12;
  return Math.min(1, 10 ** ((base + slow + hit) / 20));
}

/** The state a moment later: counters go on. */
export function later(state: HostState, seconds: number): Partial<HostState> {
  const packets = Math.round(seconds * 1000);
  const plus = (counters: Counters): Counters => {
    if (counters['packets'] === undefined) return counters;
    const more = Object.fromEntries(
      ['packets', 'duplicate'].flatMap((name) => {
        const count = counters[name];
        return count === undefined || count === 0 ? [] : [[name, count + packets]];
      }),
    );
    const margin = counters['marginMinNs'];
    return { ...counters, ...more, ...(margin !== undefined && { marginMinNs: wander(margin) }) };
  };
  return {
    receivers: state.receivers.map((receiver) => ({ ...receiver, counters: plus(receiver.counters) })),
    senders: state.senders.map((sender) => ({ ...sender, counters: plus(sender.counters) })),
    status: { ...state.status, engineLoad: 0.03 + 0.01 * Math.random() },
  };
}

const wander = (ns: number): number =>
  Math.max(1_900_000, Math.min(2_600_000, ns + (Math.random() - 0.5) * 2e5));
