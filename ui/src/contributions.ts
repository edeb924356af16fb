import { contributeDevice } from './parts/device/contribute.ts';
import { contributeEvents } from './parts/events/contribute.ts';
import { contributeExtensionPoints } from './parts/extension-points/contribute.ts';
import { contributeExtensions } from './parts/extensions/contribute.ts';
import { contributeAccess } from './parts/access/contribute.tsx';
import { contributeClock } from './parts/clock/contribute.ts';
import { contributeMeters } from './parts/meters/contribute.ts';
import { contributeOutput } from './parts/output/contribute.ts';
import { contributeProblems } from './parts/problems/contribute.ts';
import { contributeSdp } from './parts/sdp/contribute.ts';
import { contributeSettings } from './parts/settings/contribute.ts';
import { contributeStreams } from './parts/streams/contribute.tsx';
import { contributeRouting } from './parts/routing/contribute.ts';
import { contributeStatistics } from './parts/statistics/contribute.ts';
import { contributeFrame } from './workbench/contribute.tsx';
import type { Contribution } from './workbench/contribution.ts';

/** Everything that ships with the page. A new part is a line here. */
export const contributions: readonly Contribution[] = [
  contributeFrame,
  contributeStreams,
  contributeSdp,
  contributeDevice,
  contributeExtensions,
  contributeSettings,
  contributeRouting,
  contributeClock,
  contributeStatistics,
  contributeProblems,
  contributeOutput,
  contributeEvents,
  contributeMeters,
  contributeAccess,
  contributeExtensionPoints,
];
