import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

/** What is not as it should be, in a line of text: with a mark, since colour alone says nothing to many. */
export function FaultText({ children }: { readonly children: ReactNode }) {
  return (
    <span className="fault tone-warn">
      <Icon name="warning" />
      <span>{children}</span>
    </span>
  );
}
