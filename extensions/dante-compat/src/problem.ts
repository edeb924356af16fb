import type { Problem } from '@tutti/base';

/** An error that reaches the person who can act as a problem of that code, not as a fault of ours. */
export function problem(
  code: Problem['code'],
  message: string,
  more: Pick<Problem, 'field' | 'fix'> = {},
): Error {
  return Object.assign(new Error(message), { code, ...more });
}
