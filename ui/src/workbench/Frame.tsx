import { useEffect } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { useHostValue } from '../api/host-context.ts';
import { localize } from '../localize/localize.ts';
import { ActivityBar } from './ActivityBar.tsx';
import { Announcer } from './Announcer.tsx';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { EditorArea } from './EditorArea.tsx';
import { keepFocus } from './keep-focus.ts';
import { NotificationCenter } from './NotificationCenter.tsx';
import { PanelArea } from './PanelArea.tsx';
import { SideBar } from './SideBar.tsx';
import { StatusBar } from './StatusBar.tsx';
import { useStore } from './store.ts';
import { TitleBar } from './TitleBar.tsx';
import { useKeys } from './use-keys.ts';
import { useThingMenus } from './use-thing-menus.ts';
import { useUpgradeNotice } from './use-upgrade-notice.ts';
import { useWorkbench } from './workbench.ts';
import './workbench.css';

/** React calls it with null only for what returns no way to end it. */
const followFocus = (page: HTMLElement | null) => (page ? keepFocus(page) : undefined);

/** The whole window. */
export function Frame() {
  const workbench = useWorkbench();
  const connection = useHostValue((view) => view.connection);
  const name = useHostValue(({ state }) => state?.status.device.name);
  const { isSideBarOpen, isPanelOpen } = useStore(workbench.layout);
  const dialog = useStore(workbench.dialog);
  useKeys(workbench);
  useThingMenus();
  useUpgradeNotice();
  useEffect(() => {
    const lost = connection === 'reconnecting' ? localize('frame.titleLost', 'Reconnecting: ') : '';
    document.title = `${lost}${name === undefined ? '' : `${name} – `}Tutti`;
  }, [connection, name]);
  const columns = useDefaultLayout({
    id: 'tutti.columns',
    panelIds: isSideBarOpen ? ['side', 'work'] : ['work'],
  });
  const rows = useDefaultLayout({
    id: 'tutti.rows',
    panelIds: isPanelOpen ? ['editors', 'panel'] : ['editors'],
  });
  return (
    <div className="workbench" data-connection={connection} ref={followFocus}>
      <a className="skip-link" href="#main">
        {localize('frame.skip', 'Skip to content')}
      </a>
      <TitleBar />
      <ConnectionNotice />
      <div className="work">
        <ActivityBar />
        <Group id="columns" orientation="horizontal" {...sizes(columns)}>
          {isSideBarOpen && (
            <>
              <Panel
                id="side"
                defaultSize={260}
                minSize={180}
                maxSize="45%"
                groupResizeBehavior="preserve-pixel-size"
              >
                <SideBar />
              </Panel>
              <Separator
                className="sash horizontal"
                aria-label={localize('frame.resizeSideBar', 'Resize side bar')}
              />
            </>
          )}
          <Panel id="work" minSize={320}>
            <main id="main" tabIndex={-1}>
              <Group id="rows" orientation="vertical" {...sizes(rows)}>
                <Panel id="editors" minSize={120}>
                  <EditorArea />
                </Panel>
                {isPanelOpen && (
                  <>
                    <Separator
                      className="sash vertical"
                      aria-label={localize('frame.resizePanel', 'Resize panel')}
                    />
                    <Panel
                      id="panel"
                      defaultSize={236}
                      minSize={90}
                      groupResizeBehavior="preserve-pixel-size"
                    >
                      <PanelArea />
                    </Panel>
                  </>
                )}
              </Group>
            </main>
          </Panel>
        </Group>
      </div>
      <StatusBar />
      <NotificationCenter />
      <Announcer />
      {dialog}
    </div>
  );
}

/** What the panels' library kept of the last visit. */
const sizes = ({ defaultLayout, onLayoutChanged }: ReturnType<typeof useDefaultLayout>) => ({
  defaultLayout,
  onLayoutChanged,
});
