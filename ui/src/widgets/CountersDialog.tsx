import type { Counters } from '@tutti/common';
import { ModalDialog } from './ModalDialog.tsx';
import { counterText, counterTitle } from './counters.ts';

/** Every number that the engine keeps about a stream, live. */
export function CountersDialog(props: {
  readonly title: string;
  readonly counters: Counters;
  readonly onClose: () => void;
}) {
  return (
    <ModalDialog title={props.title} onClose={props.onClose}>
      <dl className="numbers">
        {Object.entries(props.counters).map(([name, count]) => (
          <div key={name}>
            <dt>{counterTitle(name)}</dt>
            <dd>{counterText(name, count)}</dd>
          </div>
        ))}
      </dl>
    </ModalDialog>
  );
}
