import { contributeAccess } from './parts/access/contribute.tsx';
import { contributeClock } from './parts/clock/contribute.ts';
import { contributeMeters } from './parts/meters/contribute.ts';
import { contributeProblems } from './parts/problems/contribute.ts';
import { contributeRouting } from './parts/routing/contribute.ts';
import { contributeStatistics } from './parts/statistics/contribute.ts';
import { contributeStreams } from './parts/streams/contribute.ts';
import type { Contribution } from './workbench/contribution.ts';
import { contributeFrame } from './workbench/contribute.tsx';

/** Everything that ships with the page. A new part is a line here. */
export const contributions: readonly Contribution[] = [
  contributeFrame,
  contributeStreams,
  contributeRouting,
  contributeClock,
  contributeStatistics,
  contributeProblems,
  contributeMeters,
  contributeAccess,
];
