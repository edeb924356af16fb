import { expect, it } from 'vitest';
import { channelNames } from '../../src/streams/channel-names.ts';
import { initialState, type StoredReceiver, type StoredSender } from '../../src/state/stored-state.ts';

const receiver = (name: string, labels: string[], routes: [number, number][]): StoredReceiver =>
  ({ name, stream: { channelLabels: labels }, routes }) as unknown as StoredReceiver;
const sender = (name: string, routes: [number, number][]): StoredSender =>
  ({ name, routes }) as unknown as StoredSender;

it('names a channel after the stream and the channel that its route leads to, by its label or its number', () => {
  const { inputNames, outputNames } = channelNames({
    ...initialState,
    device: { ...initialState.device, inputs: 4, outputs: 3 },
    receivers: [
      receiver(
        'Stage',
        ['Vox'],
        [
          [0, 2],
          [1, 0],
        ],
      ),
    ],
    senders: [sender('Mix', [[1, 0]]), sender('Copy', [[1, 5]])],
  });
  expect(inputNames).toEqual(['Stage 2', '', 'Stage Vox', '']);
  expect(outputNames).toEqual(['', 'Mix 1', '']);
});

it('names an output that two senders send after the first', () => {
  const { outputNames } = channelNames({
    ...initialState,
    device: { ...initialState.device, outputs: 1 },
    senders: [sender('Mix', [[0, 0]]), sender('Copy', [[0, 7]])],
  });
  expect(outputNames).toEqual(['Mix 1']);
});
