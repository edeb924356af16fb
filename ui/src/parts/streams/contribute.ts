import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { StreamsPart } from './StreamsPart.tsx';

export const contributeStreams: Contribution = ({ register, workbench }) => {
  const title = localize('streams.title', 'Streams');
  register.part({ id: 'streams', location: 'editor', title, icon: 'radio-tower', component: StreamsPart });
  register.part({
    id: 'streams',
    location: 'activity',
    title,
    icon: 'radio-tower',
    order: 10,
    editor: 'streams',
  });
  register.command({
    id: 'streams.show',
    title: localize('streams.show', 'Show streams'),
    category: localize('view.category', 'View'),
    icon: 'radio-tower',
    run: () => workbench.openActivity('streams'),
  });
};
