import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ReceiverInfo } from '@tutti/common';
import type { Problem } from '@tutti/base';
import { useHost, useHostState } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { Part } from '../../widgets/Part.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { SelectInput } from '../../widgets/SelectInput.tsx';
import { safeName } from '../../widgets/save-file.ts';
import { formatText } from '../../widgets/words.ts';
import { ArrivalChart } from './ArrivalChart.tsx';
import { HistoryCharts } from './HistoryCharts.tsx';
import { LinkOffsetAdvice } from './LinkOffsetAdvice.tsx';
import { streamHistoryOf } from './stream-history.ts';
import { useArrivals } from './use-arrivals.ts';
import './statistics.css';

/** How well the packets of one receiver come, now and over the last minutes. `input`: id of the receiver to begin with. */
export function StatisticsPart({ input }: { readonly input?: string | undefined }) {
  const receivers = useHostState('receivers');
  const [chosen, setChosen] = useState(input);
  const receiver = receivers?.find(({ id }) => id === chosen) ?? receivers?.[0];
  return (
    <Part
      title={localize('statistics.title', 'Statistics')}
      icon="pulse"
      summary={receiver && formatText(receiver)}
      actions={
        receivers &&
        receiver && (
          <div className="statistics-choice">
            <SelectInput
              name="receiver"
              label={localize('statistics.receiver', 'Receiver')}
              choices={receivers.map(({ id, name }) => ({ id, text: name }))}
              value={receiver.id}
              onChange={setChosen}
            />
          </div>
        )
      }
    >
      {receiver ? (
        <ReceiverStatistics key={receiver.id} receiver={receiver} />
      ) : (
        <p className="statistics-empty">{localize('statistics.none', 'Nothing is received.')}</p>
      )}
    </Part>
  );
}

function ReceiverStatistics({ receiver }: { readonly receiver: ReceiverInfo }) {
  const host = useHost();
  const history = streamHistoryOf(host);
  const samples = useSyncExternalStore(history.subscribe, () => history.of(receiver.id));
  const { arrivals, restart } = useArrivals(receiver.id);
  const [problem, setProblem] = useState<Problem>();
  const fileName = useMemo(() => safeName(receiver.name), [receiver.name]);

  useEffect(() => setProblem(undefined), [receiver.linkOffsetMs]);

  const setLinkOffset = async (linkOffsetMs: number): Promise<void> => {
    const answer = await host.api.changeReceiver(receiver.id, { linkOffsetMs });
    if (answer.ok) {
      host.receiverAdded(answer.value);
      host.announce(
        localize('statistics.offsetSet', 'Link offset of {0}: {1} ms.', receiver.name, linkOffsetMs),
      );
    } else setProblem(answer.error);
  };

  return (
    <div className="statistics">
      <LinkOffsetAdvice receiver={receiver} arrivals={arrivals} onSet={setLinkOffset} onRestart={restart} />
      {problem && <ProblemNotice problem={problem} alert />}
      <ArrivalChart arrivals={arrivals} linkOffsetMs={receiver.linkOffsetMs} fileName={fileName} />
      <HistoryCharts samples={samples} fileName={fileName} />
    </div>
  );
}
