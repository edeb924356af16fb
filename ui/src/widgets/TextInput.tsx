import { Input, Label, TextArea, TextField, type TextFieldProps } from 'react-aria-components';
import { FieldFoot, useFieldProblem, type FieldProps } from './field.tsx';

export interface TextInputProps
  extends
    FieldProps,
    Pick<TextFieldProps, 'value' | 'defaultValue' | 'onChange' | 'isRequired' | 'autoFocus'> {
  readonly placeholder?: string;
  /** More than one makes a text area, of monospaced text. */
  readonly rows?: number;
}

export function TextInput({ label, hint, placeholder = '', rows = 1, ...field }: TextInputProps) {
  const problem = useFieldProblem(field.name);
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
