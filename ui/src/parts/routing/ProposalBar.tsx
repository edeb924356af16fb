import type { Problem } from '@tutti/base';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';

/** Below the grid: what is previewed, to be done or left; and why the last step was refused. */
export function ProposalBar(props: {
  readonly waiting:
    | {
        readonly text: string;
        readonly remark: string | undefined;
        readonly cuts: boolean;
        readonly isEmpty: boolean;
      }
    | undefined;
  readonly problem: Problem | undefined;
  readonly onApply: () => void;
  readonly onCancel: () => void;
}) {
  const { waiting, problem } = props;
  if (problem) {
    return (
      <div className="proposal-bar">
        <ProblemNotice problem={problem} alert />
        <ActionButton
          kind="quiet"
          icon="close"
          aria-label={localize('routing.dismiss', 'Dismiss')}
          onPress={props.onCancel}
        />
      </div>
    );
  }
  if (!waiting) return null;
  return (
    <div className={`proposal-bar ${waiting.cuts ? 'tone-warn' : ''}`} role="status">
      <Icon name={waiting.cuts ? 'warning' : 'preview'} />
      <p>
        {localize('routing.preview', 'Preview: {0}.', waiting.text)} {waiting.remark}
      </p>
      {!waiting.isEmpty && (
        <ActionButton kind={waiting.cuts ? 'danger' : 'primary'} onPress={props.onApply}>
          {waiting.cuts ? localize('routing.replace', 'Replace') : localize('routing.apply', 'Patch')}
        </ActionButton>
      )}
      <ActionButton onPress={props.onCancel}>{localize('routing.leave', 'Leave it')}</ActionButton>
    </div>
  );
}
