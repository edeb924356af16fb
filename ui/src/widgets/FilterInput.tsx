import { Input, SearchField } from 'react-aria-components';

/** A search field without a visible label: its placeholder and name say what it filters. */
export function FilterInput(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  return (
    <SearchField className="filter" aria-label={props.label} value={props.value} onChange={props.onChange}>
      <Input placeholder={props.placeholder} />
    </SearchField>
  );
}
