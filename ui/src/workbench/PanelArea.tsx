import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { localize } from '../localize/localize.ts';
import { ActionButton } from '../widgets/ActionButton.tsx';
import { PartBoundary } from './PartBoundary.tsx';
import { partsAt, type PartAt } from './registry.ts';
import { useStore } from './store.ts';
import { useRegistry, useWorkbench } from './workbench.ts';

/** Problems, output, events, meters: what one keeps in sight below the editors. */
export function PanelArea() {
  const workbench = useWorkbench();
  useRegistry(workbench.registries.parts);
  const { panel } = useStore(workbench.layout);
  const parts = partsAt(workbench.registries.parts, 'panel');
  const selected = parts.some(({ id }) => id === panel) ? panel : (parts[0]?.id ?? '');
  return (
    <section className="panel-area" aria-label={localize('frame.panel', 'Panel')}>
      <Tabs
        className="panel-tabs"
        selectedKey={selected}
        onSelectionChange={(key) => workbench.openPanel(String(key))}
      >
        <div className="panel-header">
          <TabList aria-label={localize('frame.panels', 'Panels')} className="panel-list">
            {parts.map((part) => (
              <Tab key={part.id} id={part.id} className="panel-tab">
                {part.title}
                {part.useCount && <Count part={part} useCount={part.useCount} />}
              </Tab>
            ))}
          </TabList>
          <ActionButton
            kind="quiet"
            icon="chevron-down"
            aria-label={localize('frame.closePanel', 'Close panel')}
            onPress={() => workbench.layout.update((layout) => ({ ...layout, isPanelOpen: false }))}
          />
        </div>
        {parts.map(({ id, title, component: Component }) => (
          <TabPanel key={id} id={id} className="panel-body">
            <PartBoundary name={title}>
              <Component />
            </PartBoundary>
          </TabPanel>
        ))}
      </Tabs>
    </section>
  );
}

function Count({ useCount }: { readonly part: PartAt<'panel'>; readonly useCount: () => number }) {
  const count = useCount();
  return count > 0 ? <span className="count">{count}</span> : null;
}
