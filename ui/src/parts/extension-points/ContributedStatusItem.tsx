import { Button } from 'react-aria-components';
import type { StatusItemInfo } from '@tutti/common';
import { StateBadge, type Tone } from '../../widgets/StateBadge.tsx';
import { useStore, type Store } from '../../workbench/store.ts';
import { useWorkbench } from '../../workbench/workbench.ts';
import { ownId } from './own-id.ts';

const faces: Readonly<Record<string, { readonly tone: Tone; readonly icon: string } | undefined>> = {
  warning: { tone: 'warn', icon: 'warning' },
  error: { tone: 'bad', icon: 'error' },
};

/** What an extension says in the status bar; chosen, it runs the command that goes with it. */
export function ContributedStatusItem(props: {
  readonly id: string;
  readonly states: Store<ReadonlyMap<string, StatusItemInfo>>;
}) {
  const workbench = useWorkbench();
  const item = useStore(props.states).get(props.id);
  if (item?.text === undefined) return null;
  const { text, tooltip, label, severity = 'info', command } = item;
  const face = faces[severity];
  const shown = face ? <StateBadge {...face} text={text} /> : <bdi>{text}</bdi>;
  const title = tooltip ?? label;
  if (!command) {
    return (
      <li className="status-text" title={title}>
        {shown}
      </li>
    );
  }
  return (
    <li title={title}>
      <Button
        className="status-item"
        aria-description={title}
        onPress={() => void workbench.run(ownId(command.id), command.arguments ?? {})}
      >
        {shown}
      </Button>
    </li>
  );
}
