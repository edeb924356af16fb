import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { ExtensionsPart } from './ExtensionsPart.tsx';

export const contributeExtensions: Contribution = ({ register, workbench }) => {
  const title = localize('extensions.title', 'Extensions');
  const icon = 'extensions';
  register.part({ id: 'extensions', location: 'editor', title, icon, component: ExtensionsPart });
  register.part({ id: 'extensions', location: 'activity', title, icon, order: 50, editor: 'extensions' });
  register.command({
    id: 'extensions.show',
    title: localize('extensions.show', 'Show extensions'),
    category: localize('view.category', 'View'),
    icon,
    keybinding: 'Ctrl+Shift+X',
    run: () => workbench.openActivity('extensions'),
  });
};
