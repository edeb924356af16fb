import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { StatisticsPart } from './StatisticsPart.tsx';
import { streamHistoryOf } from './stream-history.ts';

export const contributeStatistics: Contribution = ({ register, workbench, host }) => {
  const title = localize('statistics.title', 'Statistics');
  const icon = 'pulse';
  streamHistoryOf(host); // remembers from now on, so that there is a past when somebody looks
  register.part({ id: 'statistics', location: 'editor', title, icon, component: StatisticsPart });
  register.part({ id: 'statistics', location: 'activity', title, icon, order: 35, editor: 'statistics' });
  register.command({
    id: 'statistics.show',
    title: localize('statistics.show', 'Show statistics'),
    category: localize('view.category', 'View'),
    icon,
    run: () => workbench.openActivity('statistics'),
  });
};
