import { Button } from 'react-aria-components';
import { useHostValue } from '../api/host-context.ts';
import { localize } from '../localize/localize.ts';
import { ActionButton } from '../widgets/ActionButton.tsx';
import { Icon } from '../widgets/Icon.tsx';
import { useStore } from './store.ts';
import { ThemeMenu } from './ThemeMenu.tsx';
import { useWorkbench } from './workbench.ts';

export function TitleBar() {
  const workbench = useWorkbench();
  const device = useHostValue(({ state }) => state?.status.device);
  const { isSideBarOpen, isPanelOpen } = useStore(workbench.layout);
  const run = (id: string) => () => void workbench.run(id);
  const goKeys = workbench.keybindings.of({ id: 'frame.quickOpen', keybinding: 'Ctrl+P' });
  return (
    <header className="title-bar">
      <img src="/icon.svg" alt="" width="22" height="22" />
      <h1>Tutti</h1>
      {device && (
        <p className="quiet title-device">
          <bdi>{device.name}</bdi> ·{' '}
          {localize('title.size', '{0} in × {1} out', device.inputs, device.outputs)}
        </p>
      )}
      <Button className="go-to" onPress={run('frame.quickOpen')}>
        <Icon name="search" />
        <span>{localize('title.goTo', 'Go to session, stream or channel')}</span>
        {goKeys !== undefined && <kbd>{goKeys}</kbd>}
      </Button>
      <div className="title-actions">
        <ActionButton
          kind="quiet"
          icon={isSideBarOpen ? 'layout-sidebar-left' : 'layout-sidebar-left-off'}
          aria-label={localize('frame.toggleSideBar', 'Toggle side bar')}
          onPress={run('frame.toggleSideBar')}
        />
        <ActionButton
          kind="quiet"
          icon={isPanelOpen ? 'layout-panel' : 'layout-panel-off'}
          aria-label={localize('frame.togglePanel', 'Toggle panel')}
          onPress={run('frame.togglePanel')}
        />
        <ThemeMenu />
        <ActionButton
          kind="quiet"
          icon="list-selection"
          aria-label={localize('frame.showCommands', 'Show all commands')}
          onPress={run('frame.commands')}
        />
      </div>
    </header>
  );
}
