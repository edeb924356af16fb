import { useCallback } from 'react';
import { Separator, Workspace, type TabNode, type TabRenderProps } from 'react-resizable-panels';
import { localize } from '../localize/localize.ts';
import { ActionButton } from '../widgets/ActionButton.tsx';
import { Icon } from '../widgets/Icon.tsx';
import type { EditorTab } from './editors.ts';
import { PartBoundary } from './PartBoundary.tsx';
import { partAt } from './registry.ts';
import { useStore } from './store.ts';
import { useRegistry, useWorkbench } from './workbench.ts';

/** Editors in tabs: dragged beside each other they split, their separators resize, Delete closes the one with the focus. */
export function EditorArea() {
  const workbench = useWorkbench();
  const { editors } = workbench;
  const content = useCallback((tab: TabNode<EditorTab>) => <EditorContent tab={tab.data} />, []);
  const renderTab = useCallback(
    (tab: TabNode<EditorTab>, props: TabRenderProps) => <Tab tab={tab} props={props} close={editors} />,
    [editors],
  );
  return (
    <Workspace
      id="editors"
      className="editors"
      defaultModel={editors.initial}
      workspaceRef={editors.attach}
      onModelChanged={editors.keep}
      hiddenTabBehavior="activity"
      lazyTabContent
      tabRemovalSelectionBehavior="recent"
      tabsetMinWidth="280px"
      tabsetMinHeight="120px"
      classNames={{
        header: 'editor-header',
        tabList: 'editor-tabs',
        tab: 'editor-tab',
        tabPanels: 'editor-panels',
        tabContent: 'editor-content',
        dropIndicator: 'drop-indicator',
        dragPreview: 'drag-preview',
      }}
      renderSeparator={(orientation) => (
        <Separator
          className={`sash ${orientation}`}
          aria-label={localize('frame.resizeEditors', 'Resize editors')}
        />
      )}
      renderTab={renderTab}
      renderTabContent={content}
      renderTabsetToolbar={() => <EditorToolbar />}
      renderEmptyTabset={() => <NoEditor />}
    />
  );
}

/** The cross is for the mouse only: a tab may hold no second control, and the keyboard has Delete and a command. */
function Tab({
  tab,
  props,
  close,
}: {
  readonly tab: TabNode<EditorTab>;
  readonly props: TabRenderProps;
  readonly close: { close(id: string): void };
}) {
  const workbench = useWorkbench();
  useRegistry(workbench.registries.parts);
  const part = partAt(workbench.registries.parts, 'editor', tab.data.part);
  // Titles of plain editors are those of this language, whatever was kept.
  const title = tab.data.input === undefined ? (part?.title ?? tab.title) : tab.title;
  return (
    <div
      {...props}
      title={title}
      onAuxClick={(event) => {
        if (event.button === 1) close.close(tab.id);
      }}
    >
      <Icon name={part?.icon ?? 'file'} />
      <span className="editor-tab-title">{title}</span>
      <span
        className="codicon codicon-close editor-tab-close"
        aria-hidden="true"
        data-tab-ignore
        onClick={() => close.close(tab.id)}
      />
    </div>
  );
}

function EditorContent({ tab: { part: id, input } }: { readonly tab: EditorTab }) {
  const workbench = useWorkbench();
  useRegistry(workbench.registries.parts);
  const part = partAt(workbench.registries.parts, 'editor', id);
  const areExtensionsKnown = useStore(workbench.areExtensionsKnown);
  if (!part) {
    return (
      <p className="empty padded">
        {areExtensionsKnown
          ? localize('frame.editorGone', 'What showed this is not there any more: its extension may be off.')
          : localize('waiting', 'Waiting for the host…')}
      </p>
    );
  }
  const Component = part.component;
  return (
    <PartBoundary name={part.title}>
      <Component input={input} />
    </PartBoundary>
  );
}

function EditorToolbar() {
  const workbench = useWorkbench();
  return (
    <div className="editor-toolbar">
      <ActionButton
        kind="quiet"
        icon="split-horizontal"
        aria-label={localize('frame.splitRight', 'Split editor right')}
        onPress={() => workbench.editors.split('right')}
      />
    </div>
  );
}

function NoEditor() {
  const workbench = useWorkbench();
  return (
    <div className="no-editor">
      <p className="quiet">{localize('frame.noEditor', 'No editor is open.')}</p>
      <ActionButton icon="radio-tower" onPress={() => workbench.openActivity('streams')}>
        {localize('frame.openStreams', 'Open Streams')}
      </ActionButton>
      <ActionButton icon="list-selection" onPress={() => void workbench.run('frame.commands')}>
        {localize('frame.showCommands', 'Show all commands')}
      </ActionButton>
    </div>
  );
}
