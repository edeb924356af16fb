import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { EventsPart } from './EventsPart.tsx';

export const contributeEvents: Contribution = ({ register, workbench }) => {
  register.part({
    id: 'events',
    location: 'panel',
    title: localize('events.title', 'Events'),
    icon: 'history',
    order: 30,
    component: EventsPart,
  });
  register.command({
    id: 'events.show',
    title: localize('events.show', 'Show events'),
    category: localize('view.category', 'View'),
    icon: 'history',
    run: () => workbench.openPanel('events'),
  });
};
