import type { Problem } from '@tutti/base';

/**
 * Which of a form's fields a problem is about: the innermost segment of its path that the form has. `legs[0].interface`
 * finds `interface`; undefined if none fits, and the problem then belongs to the form as a whole.
 */
export function problemField(problem: Problem, names: readonly string[]): string | undefined {
  const segments = (problem.field ?? '').split(/[.[\]]+/).reverse();
  return segments.find((segment) => names.includes(segment));
}
