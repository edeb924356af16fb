import { Input, Label, TextArea, TextField, type TextFieldProps } from 'react-aria-components';
import type { Problem } from '@tutti/base';
import { FieldFoot, useFieldProblem, type FieldProps } from './field.tsx';

export interface TextInputProps
  extends
    FieldProps,
    Pick<TextFieldProps, 'value' | 'defaultValue' | 'onChange' | 'isRequired' | 'autoFocus'> {
  readonly placeholder?: string;
  /** More than one makes a text area, of monospaced text. */
  readonly rows?: number;
  /** What is wrong with what is entered, as far as the page itself can tell. */
  readonly problem?: Problem | undefined;
}

export function TextInput({ label, hint, placeholder = '', rows = 1, ...props }: TextInputProps) {
  const { problem: entered, ...field } = props;
  const found = useFieldProblem(field.name);
  const problem = entered ?? found;
  return (
    <TextField {...field} isInvalid={problem !== undefined} className="field">
      <Label>{label}</Label>
      {rows > 1 ? (
        <TextArea className="mono" rows={rows} spellCheck={false} placeholder={placeholder} />
      ) : (
        <Input autoComplete="off" spellCheck={false} placeholder={placeholder} />
      )}
      <FieldFoot hint={hint} problem={problem} />
    </TextField>
  );
}
