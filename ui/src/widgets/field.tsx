import { FieldError, Text } from 'react-aria-components';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

export interface FieldProps {
  /** As the host API calls it: problems find their field by this name. */
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
}

/** Below an input: what to enter or, instead, what the host found wrong with it and the fix. */
export function FieldFoot({ hint }: { readonly hint?: ReactNode }) {
  return (
    <>
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">
        {({ validationErrors }) => (
          <>
            <Icon name="error" />
            <span>
              {validationErrors.map((line) => (
                <span key={line}>{line} </span>
              ))}
            </span>
          </>
        )}
      </FieldError>
    </>
  );
}
