import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { OutputPart } from './OutputPart.tsx';

export const contributeOutput: Contribution = ({ register, workbench }) => {
  register.part({
    id: 'output',
    location: 'panel',
    title: localize('output.title', 'Output'),
    icon: 'output',
    order: 20,
    component: OutputPart,
  });
  register.command({
    id: 'output.show',
    title: localize('output.show', 'Show output'),
    category: localize('view.category', 'View'),
    icon: 'output',
    keybinding: 'Ctrl+Shift+U',
    run: () => workbench.openPanel('output'),
  });
};
