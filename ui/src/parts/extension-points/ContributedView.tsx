import { localize } from '../../localize/localize.ts';
import { loadedLater } from '../../widgets/loaded-later.tsx';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import type { ViewProps } from './shown-view.ts';
import './views.css';

const waiting = (): string => localize('waiting', 'Waiting for the host…');

// Loaded when the first extension shows something: most pages do without.
const contents = {
  tree: loadedLater<ViewProps>(() => import('./TreeView.tsx').then(({ TreeView }) => TreeView), waiting),
  table: loadedLater<ViewProps>(() => import('./TableView.tsx').then(({ TableView }) => TableView), waiting),
  web: loadedLater<ViewProps>(() => import('./WebView.tsx').then(({ WebView }) => WebView), waiting),
};

/** A view of an extension, wherever it stands. */
export function ContributedView({ view, ready }: ViewProps) {
  const Content = contents[view.type];
  return (
    <section className={`contributed-view ${view.place}`} aria-label={view.name}>
      <div className="contributed-menu" data-thing>
        <ThingMenu place="view/title" target={{ view: { id: view.id } }} name={view.name} />
      </div>
      <Content view={view} ready={ready} />
    </section>
  );
}
