import type { ReceiverInfo } from '@tutti/common';
import { useHostValue } from '../../api/host-context.ts';
import { faultCount, packetsText, type FaultColumn } from '../../widgets/counters.ts';
import { FaultCount } from '../../widgets/FaultCount.tsx';
import { arrivalMarginMs, timingText } from './counters.ts';
import { HealthButton } from './HealthButton.tsx';
import { healthFace, type HealthFace } from './health-words.ts';
import { Margin } from './Margin.tsx';

// What moves twice a second in the row of a receiver. Each takes it from the host itself and is drawn again alone: to build a row anew
// is what costs.

/** @param select must return the same as long as it looks the same: a text or a number. */
function useReceiver<T extends string | number>(
  id: string,
  select: (receiver: ReceiverInfo) => T | undefined,
): T | undefined {
  return useHostValue(({ state }) => {
    const receiver = state?.receivers.find((each) => each.id === id);
    return receiver && select(receiver);
  });
}

export function HealthCell(props: {
  readonly id: string;
  readonly name: string;
  readonly onPress: () => void;
}) {
  // As text: the evidence moves, the words do not.
  const text = useReceiver(props.id, ({ health }) => JSON.stringify(healthFace(health)));
  if (text === undefined) return null;
  return <HealthButton name={props.name} health={JSON.parse(text) as HealthFace} onPress={props.onPress} />;
}

export const TimingCell = ({ id }: { readonly id: string }) => useReceiver(id, timingText);

export const MarginCell = ({ id }: { readonly id: string }) => (
  <Margin ms={useReceiver(id, ({ counters }) => arrivalMarginMs(counters))} />
);

export const PacketsCell = ({ id }: { readonly id: string }) =>
  useReceiver(id, ({ counters }) => packetsText(counters));

export const FaultCell = ({ id, column }: { readonly id: string; readonly column: FaultColumn }) => (
  <FaultCount
    count={useReceiver(id, ({ counters }) => faultCount(counters, column))}
    harmless={column.harmless ?? false}
  />
);
