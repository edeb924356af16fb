import { localize } from '../../localize/localize.ts';

export type Side = 'input' | 'output';

/** What is said about one side of the device. */
export function sideWords(side: Side) {
  return side === 'input'
    ? {
        title: localize('meters.inputs', 'Inputs'),
        read: localize('meters.readInput', 'Read one input meter'),
        withSignal: localize('meters.inputsWithSignal', 'Inputs with signal'),
        channel: (channel: number) => localize('channels.input', 'Input {0}', channel),
        summary: (count: number, of: number) =>
          localize('meters.inputSummary', 'Inputs with signal: {0} of {1}', count, of),
      }
    : {
        title: localize('meters.outputs', 'Outputs'),
        read: localize('meters.readOutput', 'Read one output meter'),
        withSignal: localize('meters.outputsWithSignal', 'Outputs with signal'),
        channel: (channel: number) => localize('channels.output', 'Output {0}', channel),
        summary: (count: number, of: number) =>
          localize('meters.outputSummary', 'Outputs with signal: {0} of {1}', count, of),
      };
}
