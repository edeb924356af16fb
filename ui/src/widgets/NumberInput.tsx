import { Input, Label, NumberField, type NumberFieldProps } from 'react-aria-components';
import { FieldFoot, useFieldProblem, type FieldProps } from './field.tsx';

export interface NumberInputProps
  extends FieldProps, Pick<NumberFieldProps, 'minValue' | 'maxValue' | 'defaultValue'> {
  readonly placeholder?: string;
}

/** A whole number; empty means the host chooses. Not for one with a fraction: `2,5` would be read as 25. */
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
