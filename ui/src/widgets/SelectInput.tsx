import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { FieldFoot, useFieldProblem, type FieldProps } from './field.tsx';
import { Icon } from './Icon.tsx';

export interface Choice {
  readonly id: string;
  readonly text: string;
}

export interface SelectInputProps extends FieldProps {
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

export function SelectInput({ name, label, hint, choices, value, onChange }: SelectInputProps) {
  const problem = useFieldProblem(name);
  return (
    <Select
      className="field"
      isInvalid={problem !== undefined}
      name={name}
      value={value}
      onChange={(key) => onChange(String(key))}
    >
      <Label>{label}</Label>
      <Button className="select-button">
        <SelectValue />
        <Icon name="chevron-down" />
      </Button>
      <FieldFoot hint={hint} problem={problem} />
      <Popover className="popover">
        <ListBox items={choices} className="list">
          {(choice) => <ListBoxItem className="list-item">{choice.text}</ListBoxItem>}
        </ListBox>
      </Popover>
    </Select>
  );
}
