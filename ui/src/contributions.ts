import { contributeMeters } from './parts/meters/contribute.ts';
import { contributeProblems } from './parts/problems/contribute.ts';
import { contributeStreams } from './parts/streams/contribute.ts';
import type { Contribution } from './workbench/contribution.ts';
import { contributeFrame } from './workbench/contribute.tsx';

/** Everything that ships with the page. A new part is a line here. */
export const contributions: readonly Contribution[] = [
  contributeFrame,
  contributeStreams,
  contributeProblems,
  contributeMeters,
];
