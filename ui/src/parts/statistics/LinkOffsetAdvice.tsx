import { useState } from 'react';
import {
  arrivalQuantileNs,
  enoughArrivals,
  maxLinkOffsetMs,
  measuredLinkOffsetMs,
  type Arrivals,
  type ReceiverInfo,
} from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { countText } from '../../widgets/words.ts';

/** What was measured, the link offset that it asks for, and one button that sets it; another one goes back. */
export function LinkOffsetAdvice(props: {
  readonly receiver: ReceiverInfo;
  readonly arrivals: Arrivals | undefined;
  readonly onSet: (ms: number) => Promise<void>;
  readonly onRestart: () => void;
}) {
  const { receiver, arrivals, onSet, onRestart } = props;
  const [before, setBefore] = useState<number>();
  const [isBusy, setBusy] = useState(false);
  const { linkOffsetMs } = receiver;
  const counts = arrivals?.counts ?? [];
  const packets = counts.reduce((sum, count) => sum + count, 0);
  const wanted = measuredLinkOffsetMs({ counts });
  const isTooLong = wanted !== undefined && wanted > maxLinkOffsetMs;
  const quantile = (share: number): string => ((arrivalQuantileNs({ counts }, share) ?? 0) / 1e6).toFixed(2);

  const set = async (ms: number, previous: number | undefined): Promise<void> => {
    setBusy(true);
    await onSet(ms);
    setBusy(false);
    setBefore(previous);
  };

  return (
    <div className="advice">
      <Icon name={wanted !== undefined && wanted > linkOffsetMs ? 'warning' : 'lightbulb'} />
      <p>
        {wanted === undefined
          ? localize(
              'statistics.tooFew',
              '{0} of {1} packets measured. A link offset is drawn from more.',
              countText(packets),
              countText(enoughArrivals),
            )
          : localize(
              'statistics.measured',
              'Half of the packets came within {0} ms of their timestamp, 99.9 % within {1} ms, of {2} measured. The link offset is {3} ms.',
              quantile(0.5),
              quantile(0.999),
              countText(packets),
              linkOffsetMs,
            )}
      </p>
      {isTooLong && (
        <p>
          {localize(
            'statistics.tooLong',
            'No link offset is long enough for that: {0} ms is the longest. Measure anew when the network and this machine have less to do.',
            maxLinkOffsetMs,
          )}
        </p>
      )}
      {wanted !== undefined && wanted !== linkOffsetMs && !isTooLong && (
        <ActionButton
          kind="primary"
          icon="target"
          isPending={isBusy}
          onPress={() => void set(wanted, linkOffsetMs)}
        >
          {localize('statistics.setOffset', 'Set the link offset to {0} ms', wanted)}
        </ActionButton>
      )}
      {before !== undefined && before !== linkOffsetMs && (
        <ActionButton icon="discard" isPending={isBusy} onPress={() => void set(before, undefined)}>
          {localize('statistics.backTo', 'Back to {0} ms', before)}
        </ActionButton>
      )}
      <ActionButton kind="quiet" icon="debug-restart" onPress={onRestart}>
        {localize('statistics.restart', 'Measure anew')}
      </ActionButton>
    </div>
  );
}
