import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { Problem, Result } from '@tutti/base';
import { Form } from 'react-aria-components';
import { ActionButton } from './ActionButton.tsx';
import { ModalDialog } from './ModalDialog.tsx';
import { FieldProblemContext } from './field.tsx';
import { problemField } from './problemField.ts';
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
          <ActionButton onPress={onClose}>Cancel</ActionButton>
          <ActionButton kind="primary" type="submit" isPending={busy}>
            {props.submitLabel}
          </ActionButton>
        </footer>
      </Form>
    </ModalDialog>
  );
}

/** What was entered in a field, without surrounding space; undefined if nothing was. */
export function entered(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** The same for a number field. */
export function enteredNumber(form: FormData, name: string): number | undefined {
  const text = entered(form, name);
  return text === undefined ? undefined : Number(text);
}

/** Without the keys whose value is undefined: what a person left empty is not sent. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
