import type { HostState } from '@tutti/common';
import { useHostValue } from '../../api/host-context.ts';
import { keepUnchanged } from '../../api/merge-state.ts';
import { problemsOf, type ProblemItem } from './problems.ts';

/** Several places show them: they are looked for once a state, and are the same list as long as they say the same. */
let known: { readonly of: HostState | undefined; readonly problems: readonly ProblemItem[] } = {
  of: undefined,
  problems: [],
};

export function useProblems(): readonly ProblemItem[] {
  return useHostValue(({ state }) => {
    if (state !== known.of) known = { of: state, problems: keepUnchanged(known.problems, problemsOf(state)) };
    return known.problems;
  });
}
