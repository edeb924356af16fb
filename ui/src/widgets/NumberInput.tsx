import { Input, Label, NumberField, type NumberFieldProps } from 'react-aria-components';
import { FieldFoot, useFieldProblem, type FieldProps } from './field.tsx';

export interface NumberInputProps
  extends FieldProps, Pick<NumberFieldProps, 'minValue' | 'maxValue' | 'formatOptions' | 'defaultValue'> {
  readonly placeholder?: string;
}

/** A number in the person's own notation; empty means the host chooses. */
export function NumberInput({ label, hint, placeholder = '', ...field }: NumberInputProps) {
  const problem = useFieldProblem(field.name);
  return (
    <NumberField {...field} isInvalid={problem !== undefined} className="field">
      <Label>{label}</Label>
      <Input placeholder={placeholder} />
      <FieldFoot hint={hint} problem={problem} />
    </NumberField>
  );
}
