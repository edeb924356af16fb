import { useStream } from '../../api/host-context.ts';
import { faultCount, packetsText, type FaultColumn } from '../../widgets/counters.ts';
import { FaultCount } from '../../widgets/FaultCount.tsx';
import { arrivalMarginMs, timingText } from './counters.ts';
import { HealthButton } from './HealthButton.tsx';
import { healthFace, type HealthFace } from './health-words.ts';
import { Margin } from './Margin.tsx';

// What moves twice a second in the row of a receiver. Each takes it from the host itself and is drawn again alone: to build a row anew
// is what costs.

export function HealthCell(props: {
  readonly id: string;
  readonly name: string;
  readonly onPress: () => void;
}) {
  // As text: the evidence moves, the words do not.
  const text = useStream('receivers', props.id, ({ health }) => JSON.stringify(healthFace(health)));
  if (text === undefined) return null;
  return <HealthButton name={props.name} health={JSON.parse(text) as HealthFace} onPress={props.onPress} />;
}

export const TimingCell = ({ id }: { readonly id: string }) => useStream('receivers', id, timingText);

export const MarginCell = ({ id }: { readonly id: string }) => (
  <Margin ms={useStream('receivers', id, ({ counters }) => arrivalMarginMs(counters))} />
);

export const PacketsCell = ({ id }: { readonly id: string }) =>
  useStream('receivers', id, ({ counters }) => packetsText(counters));

export const FaultCell = ({ id, column }: { readonly id: string; readonly column: FaultColumn }) => (
  <FaultCount
    count={useStream('receivers', id, ({ counters }) => faultCount(counters, column))}
    harmless={column.harmless ?? false}
  />
);
