import { Input, Label, TextArea, TextField, type TextFieldProps } from 'react-aria-components';
import { FieldFoot, type FieldProps } from './field.tsx';

export interface TextInputProps
  extends FieldProps, Pick<TextFieldProps, 'value' | 'onChange' | 'isRequired' | 'autoFocus'> {
  readonly placeholder?: string;
  /** More than one makes a text area, of monospaced text. */
  readonly rows?: number;
}

export function TextInput({ label, hint, placeholder = '', rows = 1, ...field }: TextInputProps) {
  return (
    <TextField {...field} className="field">
      <Label>{label}</Label>
      {rows > 1 ? (
        <TextArea className="mono" rows={rows} spellCheck={false} placeholder={placeholder} />
      ) : (
        <Input autoComplete="off" spellCheck={false} placeholder={placeholder} />
      )}
      <FieldFoot hint={hint} />
    </TextField>
  );
}
