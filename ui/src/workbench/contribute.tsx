import { localize } from '../localize/localize.ts';
import { applyTheme, themeChoices, themeName } from '../theme/theme.ts';
import { CommandPalette, type Pick } from './CommandPalette.tsx';
import type { Contribution } from './contribution.ts';
import {
  ApplicationsItem,
  ClockItem,
  ConnectionItem,
  EngineItem,
  InterfacesItem,
  ProblemsItem,
  RateItem,
  WorkItem,
} from './status-items.tsx';
import { useRegistry, type Workbench } from './workbench.ts';

/** Commands and status items of the frame itself. */
export const contributeFrame: Contribution = ({ register, workbench }) => {
  const view = localize('view.category', 'View');
  const toggle = (what: 'isSideBarOpen' | 'isPanelOpen') => () =>
    workbench.layout.update((layout) => ({ ...layout, [what]: !layout[what] }));

  register.command({
    id: 'frame.commands',
    title: localize('frame.showCommands', 'Show all commands'),
    icon: 'list-selection',
    keybinding: 'Ctrl+Shift+P',
    run: () => openPalette(workbench),
  });
  register.command({
    id: 'frame.commandsF1',
    title: localize('frame.help', 'Find a command'),
    keybinding: 'F1',
    run: () => openPalette(workbench),
  });
  register.command({
    id: 'frame.quickOpen',
    title: localize('frame.quickOpen', 'Go to session, stream or channel…'),
    icon: 'search',
    keybinding: 'Ctrl+P',
    run: () => openQuick(workbench),
  });
  register.command({
    id: 'frame.toggleSideBar',
    title: localize('frame.toggleSideBar', 'Toggle side bar'),
    category: view,
    icon: 'layout-sidebar-left',
    keybinding: 'Ctrl+B',
    run: toggle('isSideBarOpen'),
  });
  register.command({
    id: 'frame.togglePanel',
    title: localize('frame.togglePanel', 'Toggle panel'),
    category: view,
    icon: 'layout-panel',
    keybinding: 'Ctrl+J',
    run: toggle('isPanelOpen'),
  });
  register.command({
    id: 'frame.splitRight',
    title: localize('frame.splitRight', 'Split editor right'),
    category: view,
    icon: 'split-horizontal',
    keybinding: 'Ctrl+\\',
    run: () => workbench.editors.split('right'),
  });
  register.command({
    id: 'frame.splitDown',
    title: localize('frame.splitDown', 'Split editor down'),
    category: view,
    icon: 'split-vertical',
    run: () => workbench.editors.split('bottom'),
  });
  register.command({
    id: 'frame.closeEditor',
    title: localize('frame.closeEditor', 'Close editor'),
    category: view,
    icon: 'close',
    keybinding: 'Alt+W',
    run: () => workbench.editors.closeActive(),
  });
  register.command({
    id: 'frame.resetLayout',
    title: localize('frame.resetLayout', 'Reset layout'),
    category: view,
    icon: 'layout',
    run: () => workbench.editors.reset(),
  });
  register.command({
    id: 'frame.clearNotifications',
    title: localize('frame.clearNotifications', 'Close all notifications'),
    category: view,
    icon: 'clear-all',
    run: () => workbench.notifications.clear(),
  });
  for (const theme of themeChoices) {
    register.command({
      id: `theme.${theme}`,
      title: localize('theme.command', 'Theme: {0}', themeName(theme)),
      category: view,
      icon: 'color-mode',
      run: () => applyTheme(theme),
    });
  }

  register.statusItem({ id: 'connection', side: 'left', order: 10, component: ConnectionItem });
  register.statusItem({ id: 'clock', side: 'left', order: 20, component: ClockItem });
  register.statusItem({ id: 'rate', side: 'left', order: 30, component: RateItem });
  register.statusItem({ id: 'engine', side: 'left', order: 40, component: EngineItem });
  register.statusItem({ id: 'problems', side: 'left', order: 50, component: ProblemsItem });
  register.statusItem({ id: 'work', side: 'left', order: 60, component: WorkItem });
  register.statusItem({ id: 'interfaces', side: 'right', order: 10, component: InterfacesItem });
  register.statusItem({ id: 'applications', side: 'right', order: 20, component: ApplicationsItem });
};

function openPalette(workbench: Workbench): void {
  workbench.openDialog((close) => <Commands workbench={workbench} onClose={close} />);
}

/** What can be done now; what comes while the palette is open is in it. */
function Commands({ workbench, onClose }: { readonly workbench: Workbench; readonly onClose: () => void }) {
  const picks = useRegistry(workbench.registries.commands)
    .map(([, command]) => command)
    .filter(
      ({ id, isEnabled, isInPalette }) =>
        id !== 'frame.commandsF1' && isInPalette?.() !== false && isEnabled?.({}) !== false,
    )
    .map((command): Pick => ({
      id: command.id,
      label: command.category === undefined ? command.title : `${command.category}: ${command.title}`,
      icon: command.icon,
      keys: workbench.keybindings.of(command),
      run: () => void workbench.runCommand(command),
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <CommandPalette
      label={localize('palette.commands', 'Commands')}
      placeholder={localize('palette.typeCommand', 'Type what you want to do')}
      picks={picks}
      onClose={onClose}
    />
  );
}

function openQuick(workbench: Workbench): void {
  const picks = workbench.registries.quickSources
    .entries()
    .flatMap(([source, entries]) =>
      entries().map(({ id, open, ...entry }): Pick => ({ ...entry, id: `${source} ${id}`, run: open })),
    );
  workbench.openDialog((close) => (
    <CommandPalette
      label={localize('palette.goTo', 'Go to')}
      placeholder={localize('palette.typeName', 'Name of a session, stream or channel')}
      picks={picks}
      onClose={close}
    />
  ));
}
