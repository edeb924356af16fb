import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { patchingOf } from './patching-context.ts';
import { RoutingPart } from './RoutingPart.tsx';

export const contributeRouting: Contribution = ({ register, workbench, host }) => {
  const title = localize('routing.title', 'Routing');
  const icon = 'circuit-board';
  const patching = patchingOf(host);
  const { getView } = patching;
  register.part({ id: 'routing', location: 'editor', title, icon, component: RoutingPart });
  register.part({ id: 'routing', location: 'activity', title, icon, order: 20, editor: 'routing' });
  register.command({
    id: 'routing.show',
    title: localize('routing.show', 'Show routing'),
    category: localize('view.category', 'View'),
    icon,
    run: () => workbench.openActivity('routing'),
  });
  register.command({
    id: 'routing.undo',
    title: localize('routing.undoCommand', 'Undo the last patch'),
    category: title,
    icon: 'discard',
    isEnabled: () => getView().history.done.length > 0,
    run: () => patching.undo(),
  });
  register.command({
    id: 'routing.redo',
    title: localize('routing.redoCommand', 'Do the last undone patch again'),
    category: title,
    icon: 'redo',
    isEnabled: () => getView().history.undone.length > 0,
    run: () => patching.redo(),
  });
};
