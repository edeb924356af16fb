import { localize } from '../localize/localize.ts';
import { useState, type ReactNode } from 'react';
import type { Problem, Result } from '@tutti/base';
import { activity } from '../api/activity.ts';
import { ActionButton } from './ActionButton.tsx';
import { ModalDialog } from './ModalDialog.tsx';
import { ProblemNotice } from './ProblemNotice.tsx';

/** Asks before audio is cut. Cancel has the focus, so that Enter twice cannot cut anything. */
export function ConfirmDialog(props: {
  readonly title: string;
  readonly confirmLabel: string;
  readonly confirm: () => Promise<Result<unknown>>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);

  const confirm = async (): Promise<void> => {
    setBusy(true);
    const result = await props.confirm();
    setBusy(false);
    if (result.ok) props.onClose();
    else setProblem(result.error);
  };

  return (
    <ModalDialog title={props.title} role="alertdialog" onClose={props.onClose}>
      <div className="form">
        <div>{props.children}</div>
        {problem && <ProblemNotice problem={problem} alert />}
        <footer className="dialog-buttons">
          <ActionButton autoFocus onPress={() => (busy ? activity.cancelLatest() : props.onClose())}>
            {localize('cancel', 'Cancel')}
          </ActionButton>
          <ActionButton kind="danger" isPending={busy} onPress={() => void confirm()}>
            {props.confirmLabel}
          </ActionButton>
        </footer>
      </div>
    </ModalDialog>
  );
}
