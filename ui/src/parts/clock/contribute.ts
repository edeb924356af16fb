import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { ClockPart } from './ClockPart.tsx';

export const contributeClock: Contribution = ({ register, workbench }) => {
  const title = localize('clock.title', 'Clock');
  const icon = 'watch';
  register.part({ id: 'clock', location: 'editor', title, icon, component: ClockPart });
  register.part({ id: 'clock', location: 'activity', title, icon, order: 30, editor: 'clock' });
  register.command({
    id: 'clock.show',
    title: localize('clock.show', 'Show clock'),
    category: localize('view.category', 'View'),
    icon,
    run: () => workbench.openActivity('clock'),
  });
};
