import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { localize } from '../localize/localize.ts';
import { Icon } from '../widgets/Icon.tsx';
import { PartBoundary } from './PartBoundary.tsx';
import { partAt, partsAt } from './registry.ts';
import { useStore } from './store.ts';
import { useRegistry, useWorkbench } from './workbench.ts';

/** Sections of the activity in front; each folds. */
export function SideBar() {
  const workbench = useWorkbench();
  useRegistry(workbench.registries.parts);
  const { activity } = useStore(workbench.layout);
  const sections = partsAt(workbench.registries.parts, 'sideBar').filter(
    (part) => part.activity === activity,
  );
  const title = partAt(workbench.registries.parts, 'activity', activity)?.title ?? '';
  return (
    <aside className="side-bar" aria-label={localize('frame.sideBar', '{0} side bar', title)}>
      <h2 className="side-bar-title">{title}</h2>
      {sections.map(({ id, title: heading, component: Section }) => (
        <Disclosure key={id} defaultExpanded className="side-section">
          <Heading level={3}>
            <Button slot="trigger" className="side-section-title">
              <Icon name="chevron-right" />
              {heading}
            </Button>
          </Heading>
          <DisclosurePanel className="side-section-body">
            <PartBoundary name={heading}>
              <Section />
            </PartBoundary>
          </DisclosurePanel>
        </Disclosure>
      ))}
      {sections.length === 0 && (
        <p className="quiet side-empty">{localize('frame.sideBarEmpty', 'Nothing to show here.')}</p>
      )}
    </aside>
  );
}
