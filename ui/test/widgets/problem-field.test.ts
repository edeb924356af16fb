import { describe, expect, it } from 'vitest';
import { problemField } from '../../src/widgets/problem-field.ts';

const problem = (field?: string) => ({
  code: 'invalid' as const,
  message: 'Not so.',
  ...(field !== undefined && { field }),
});

describe('finding the field that a problem is about', () => {
  it.each([
    ['map', 'map'],
    ['receivers[0].map', 'map'],
    ['senders[2].legs[0].interface', 'interface'],
    ['interface.name', 'name'],
    ['legs[1]', undefined],
    [undefined, undefined],
  ])('%s is shown at %s', (path, field) => {
    expect(problemField(problem(path), ['map', 'interface', 'name'])).toBe(field);
  });
});
