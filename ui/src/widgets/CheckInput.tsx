import { Checkbox } from 'react-aria-components';
import { Icon } from './Icon.tsx';

/** A box to tick; its value in the form is `on`. */
export function CheckInput({ name, label }: { readonly name: string; readonly label: string }) {
  return (
    <Checkbox name={name} value="on" className="checkbox">
      {({ isSelected }) => (
        <>
          <span className="checkbox-box">{isSelected && <Icon name="check" />}</span>
          {label}
        </>
      )}
    </Checkbox>
  );
}
