import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { levelThread } from './level-thread.ts';
import { MetersPart } from './MetersPart.tsx';

export const contributeMeters: Contribution = ({ register, workbench, host }) => {
  const follow = (): void => {
    levelThread.isLive = host.getView().connection === 'live';
  };
  host.subscribe(follow);
  follow();
  const title = localize('meters.title', 'Meters');
  register.part({ id: 'meters', location: 'panel', title, icon: 'graph', order: 40, component: MetersPart });
  register.command({
    id: 'meters.show',
    title: localize('meters.show', 'Show meters'),
    category: localize('view.category', 'View'),
    icon: 'graph',
    run: () => workbench.openPanel('meters'),
  });
};
