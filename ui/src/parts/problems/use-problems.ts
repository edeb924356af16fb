import { useMemo } from 'react';
import { useHostView } from '../../api/host-context.ts';
import { problemsOf, type ProblemItem } from './problems.ts';

export function useProblems(): readonly ProblemItem[] {
  const { state } = useHostView();
  return useMemo(() => problemsOf(state), [state]);
}
