import { Input, Label, TextField } from 'react-aria-components';
import { FieldFoot, useFieldProblem, type FieldProps } from '../../widgets/field.tsx';

export interface PasswordInputProps extends FieldProps {
  /** Tells a password manager which one is meant. */
  readonly autoComplete: 'current-password' | 'new-password';
  readonly autoFocus?: boolean;
}

export function PasswordInput({ label, hint, autoComplete, ...field }: PasswordInputProps) {
  const problem = useFieldProblem(field.name);
  return (
    <TextField {...field} type="password" isRequired isInvalid={problem !== undefined} className="field">
      <Label>{label}</Label>
      <Input autoComplete={autoComplete} maxLength={256} />
      <FieldFoot hint={hint} problem={problem} />
    </TextField>
  );
}
