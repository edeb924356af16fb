import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { ProblemsPart } from './ProblemsPart.tsx';
import { useProblems } from './use-problems.ts';

export const contributeProblems: Contribution = ({ register, workbench }) => {
  register.part({
    id: 'problems',
    location: 'panel',
    title: localize('problems.title', 'Problems'),
    icon: 'warning',
    order: 10,
    component: ProblemsPart,
    useCount: () => useProblems().length,
  });
  register.command({
    id: 'problems.show',
    title: localize('problems.show', 'Show problems'),
    category: localize('view.category', 'View'),
    icon: 'warning',
    keybinding: 'Ctrl+Shift+M',
    run: () => workbench.openPanel('problems'),
  });
};
