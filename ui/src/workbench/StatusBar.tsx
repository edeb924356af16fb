import { localize } from '../localize/localize.ts';
import { PartBoundary } from './PartBoundary.tsx';
import type { StatusItem } from './registry.ts';
import { useRegistry, useWorkbench } from './workbench.ts';

/** The state of the machine at a glance; every item is contributed. */
export function StatusBar() {
  const { registries } = useWorkbench();
  const items = useRegistry(registries.statusItems)
    .map(([, item]) => item)
    .sort((a, b) => (a.order ?? 100) - (b.order ?? 100));
  const side = (wanted: StatusItem['side']) =>
    items
      .filter((item) => item.side === wanted)
      .map(({ id, component: Item }) => (
        <PartBoundary key={id} name={id}>
          <Item />
        </PartBoundary>
      ));
  return (
    <footer className="status-bar">
      <ul aria-label={localize('frame.status', 'Status')}>
        {side('left')}
        <li className="status-gap" aria-hidden="true" />
        {side('right')}
      </ul>
    </footer>
  );
}
