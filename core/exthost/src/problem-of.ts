import { problemCodes, TuttiError, toProblem, type Problem } from '@tutti/base';

/**
 * What an extension threw. It has types of Tutti only, no classes: an `Error` with a `code` of `problemCodes`, and perhaps
 * `field` and `fix`, reaches the person as such a problem; anything else is an internal one.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof TuttiError || !(error instanceof Error)) return toProblem(error);
  const { code, field, fix } = error as Error & Partial<Record<'code' | 'field' | 'fix', unknown>>;
  const known = problemCodes.find((each) => each === code);
  if (known === undefined) return toProblem(error);
  return {
    code: known,
    message: error.message,
    ...(typeof field === 'string' && { field }),
    ...(typeof fix === 'string' && { fix }),
  };
}
