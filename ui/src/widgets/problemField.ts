import type { Problem } from '@tutti/base';

/**
 * Which of a form's fields a problem is about: the innermost segment of its path that the form has. `legs[0].interface`
 * finds `interface`; undefined if none fits, and the problem then belongs to the form as a whole.
 */
export function problemField(problem: Problem, names: readonly string[]): string | undefined {
  const segments = (problem.field ?? '').split(/[.[\]]+/).reverse();
  return segments.find((segment) => names.includes(segment));
}

/** The problem as React Aria's form wants it: field name to lines of text. */
export function fieldErrors(
  problem: Problem | undefined,
  names: readonly string[],
): Record<string, string[]> {
  const field = problem && problemField(problem, names);
  if (!problem || field === undefined) return {};
  return { [field]: problem.fix === undefined ? [problem.message] : [problem.message, problem.fix] };
}
