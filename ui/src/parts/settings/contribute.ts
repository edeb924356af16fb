import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { KeybindingsPart } from '../keybindings/KeybindingsPart.tsx';
import { SettingsJsonPart } from './SettingsJsonPart.tsx';
import { SettingsPart } from './SettingsPart.tsx';

export const contributeSettings: Contribution = ({ register, workbench }) => {
  const title = localize('settings.title', 'Settings');
  const icon = 'settings-gear';
  register.part({ id: 'settings', location: 'editor', title, icon, component: SettingsPart });
  register.part({ id: 'settings', location: 'activity', title, icon, order: 60, editor: 'settings' });
  register.part({
    id: 'settings.json',
    location: 'editor',
    title: localize('settings.file', 'Settings file'),
    icon: 'json',
    component: SettingsJsonPart,
  });
  const keysTitle = localize('keybindings.title', 'Keyboard shortcuts');
  register.part({
    id: 'keybindings',
    location: 'editor',
    title: keysTitle,
    icon: 'keyboard',
    component: KeybindingsPart,
  });
  const category = localize('view.category', 'View');
  register.command({
    id: 'settings.show',
    title: localize('settings.show', 'Open settings'),
    category,
    icon,
    keybinding: 'Ctrl+,',
    run: () => workbench.openActivity('settings'),
  });
  register.command({
    id: 'settings.showJson',
    title: localize('settings.showJson', 'Open the settings file (JSON)'),
    category,
    icon: 'json',
    run: () => workbench.openEditor('settings.json'),
  });
  register.command({
    id: 'keybindings.show',
    title: localize('keybindings.show', 'Open keyboard shortcuts'),
    category,
    icon: 'keyboard',
    run: () => workbench.openEditor('keybindings'),
  });
};
