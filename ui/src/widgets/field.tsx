import { createContext, useContext, type ReactNode } from 'react';
import type { Problem } from '@tutti/base';
import { FieldError, Text } from 'react-aria-components';
import { Icon } from './Icon.tsx';

export interface FieldProps {
  /** As the host API calls it: problems find their field by this name. */
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
}

/** What the host found wrong with one field of the form around it; stays until the form is sent again. */
export const FieldProblemContext = createContext<
  { readonly name: string; readonly problem: Problem } | undefined
>(undefined);

export function useFieldProblem(name: string): Problem | undefined {
  const found = useContext(FieldProblemContext);
  return found?.name === name ? found.problem : undefined;
}

/** Below an input: what to enter, and what the host found wrong with it and the fix. */
export function FieldFoot({ hint, problem }: { readonly hint?: ReactNode; problem: Problem | undefined }) {
  return (
    <>
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      {problem && (
        <FieldError className="field-error">
          <Icon name="error" />
          <span>
            {problem.message} {problem.fix}
          </span>
        </FieldError>
      )}
    </>
  );
}
