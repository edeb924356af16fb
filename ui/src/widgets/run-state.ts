import { localize } from '../localize/localize.ts';
import type { RunState } from '@tutti/common';
import type { Tone } from './StateBadge.tsx';

/** How a stream's state looks and reads. */
export const runStates: Readonly<Record<RunState, { tone: Tone; icon: string; text: string }>> = {
  running: { tone: 'ok', icon: 'pass-filled', text: localize('run.running', 'Running') },
  waiting: { tone: 'warn', icon: 'watch', text: localize('run.waiting', 'Waiting') },
  failed: { tone: 'bad', icon: 'error', text: localize('run.failed', 'Failed') },
};

/** `3 running, 1 waiting`; states that nothing is in are left out. */
export function stateCounts(streams: readonly { readonly state: RunState }[]): string {
  const counts = (['running', 'waiting', 'failed'] as const)
    .map((state) => ({ state, count: streams.filter((stream) => stream.state === state).length }))
    .filter(({ count }) => count > 0);
  if (counts.length === 0) return localize('run.none', 'none');
  return counts.map(({ state, count }) => localize(`run.count.${state}`, `{0} ${state}`, count)).join(', ');
}
