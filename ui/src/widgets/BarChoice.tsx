import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { Icon } from './Icon.tsx';

/** A choice in a bar: small, its label only spoken. */
export function BarChoice<Id extends string>(props: {
  readonly label: string;
  readonly choices: readonly { readonly id: Id; readonly text: string }[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
}) {
  return (
    <Select
      aria-label={props.label}
      className="bar-choice"
      value={props.value}
      onChange={(key) => {
        const chosen = props.choices.find(({ id }) => id === key);
        if (chosen) props.onChange(chosen.id);
      }}
    >
      <Button className="button">
        <SelectValue />
        <Icon name="chevron-down" />
      </Button>
      <Popover className="popover">
        <ListBox items={props.choices} className="list" aria-label={props.label}>
          {({ id, text }) => (
            <ListBoxItem id={id} textValue={text} className="list-item">
              {text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
