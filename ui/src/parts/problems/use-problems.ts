import { useMemo } from 'react';
import { useHostValue } from '../../api/host-context.ts';
import { problemsOf, type ProblemItem } from './problems.ts';

export function useProblems(): readonly ProblemItem[] {
  const state = useHostValue((view) => view.state);
  return useMemo(() => problemsOf(state), [state]);
}
