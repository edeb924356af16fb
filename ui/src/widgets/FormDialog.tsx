import { localize } from '../localize/localize.ts';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { Problem, Result } from '@tutti/base';
import { Form } from 'react-aria-components';
import { activity } from '../api/activity.ts';
import { ActionButton } from './ActionButton.tsx';
import { ModalDialog } from './ModalDialog.tsx';
import { FieldProblemContext } from './field.tsx';
import { problemField } from './problem-field.ts';
import { ProblemNotice } from './ProblemNotice.tsx';

export interface FormDialogProps {
  readonly title: string;
  readonly submitLabel: string;
  /** Names of the fields inside: a problem that names one is shown there, any other above the buttons. */
  readonly fields: readonly string[];
  /** Does it; the dialog closes when it is done and stays, with what was entered, when there is a problem. */
  readonly submit: (form: FormData) => Promise<Result<unknown>>;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function FormDialog({ fields, submit, onClose, ...props }: FormDialogProps) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (problem)
      form.current?.querySelector<HTMLElement>('[data-invalid] :is(input, textarea, button)')?.focus();
  }, [problem]);

  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(undefined);
    const result = await submit(data);
    setBusy(false);
    if (result.ok) onClose();
    else setProblem(result.error);
  };

  const name = problem && problemField(problem, fields);
  const fieldProblem = problem && name !== undefined ? { name, problem } : undefined;

  return (
    <ModalDialog title={props.title} onClose={onClose} wide={props.wide ?? false}>
      <Form ref={form} className="form" validationBehavior="aria" onSubmit={(event) => void onSubmit(event)}>
        <FieldProblemContext value={fieldProblem}>{props.children}</FieldProblemContext>
        {problem && !fieldProblem && <ProblemNotice problem={problem} alert />}
        <footer className="dialog-buttons">
          <ActionButton onPress={() => (busy ? activity.cancelLatest() : onClose())}>
            {localize('cancel', 'Cancel')}
          </ActionButton>
          <ActionButton kind="primary" type="submit" isPending={busy}>
            {props.submitLabel}
          </ActionButton>
        </footer>
      </Form>
    </ModalDialog>
  );
}
