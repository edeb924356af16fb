import type { ReactNode, Ref } from 'react';
import { Button, type ButtonProps } from 'react-aria-components';
import { Icon } from './Icon.tsx';

export interface ActionButtonProps extends Omit<ButtonProps, 'children' | 'className'> {
  readonly icon?: string;
  /** `primary` is what the form is for, `danger` cuts audio, `quiet` sits in rows and bars. */
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  /** Absent: only the icon shows, and `aria-label` is needed. */
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function ActionButton({ icon, kind = 'plain', children, ...rest }: ActionButtonProps) {
  const shape = children === undefined ? ' only-icon' : '';
  return (
    <Button {...rest} className={`button ${kind}${shape}`}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </Button>
  );
}
