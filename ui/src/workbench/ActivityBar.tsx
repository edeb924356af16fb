import { Button } from 'react-aria-components';
import { localize } from '../localize/localize.ts';
import { Icon } from '../widgets/Icon.tsx';
import { partsAt } from './registry.ts';
import { useStore } from './store.ts';
import { useRegistry, useWorkbench } from './workbench.ts';

/** What one works on, at the left edge: icon and word. The one in front, chosen again, folds its side bar. */
export function ActivityBar() {
  const workbench = useWorkbench();
  useRegistry(workbench.registries.parts);
  const { activity, isSideBarOpen } = useStore(workbench.layout);
  const choose = (id: string): void => {
    if (id === activity)
      workbench.layout.update((layout) => ({ ...layout, isSideBarOpen: !layout.isSideBarOpen }));
    workbench.openActivity(id);
  };
  return (
    <nav className="activity-bar" aria-label={localize('frame.activities', 'Activities')}>
      <ul>
        {partsAt(workbench.registries.parts, 'activity').map(({ id, title, icon }) => (
          <li key={id}>
            <Button
              className="activity"
              aria-current={id === activity ? 'page' : 'false'}
              aria-expanded={id === activity && isSideBarOpen}
              onPress={() => choose(id)}
            >
              <Icon name={icon} />
              <span>{title}</span>
            </Button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
