import { lazy, Suspense } from 'react';
import { localize } from '../../localize/localize.ts';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import type { ViewProps } from './shown-view.ts';
import './views.css';

// Loaded when the first extension shows something: most pages do without.
const contents = {
  tree: lazy(() => import('./TreeView.tsx').then(({ TreeView }) => ({ default: TreeView }))),
  table: lazy(() => import('./TableView.tsx').then(({ TableView }) => ({ default: TableView }))),
  web: lazy(() => import('./WebView.tsx').then(({ WebView }) => ({ default: WebView }))),
};

/** A view of an extension, wherever it stands. */
export function ContributedView({ view, ready }: ViewProps) {
  const Content = contents[view.type];
  return (
    <section className={`contributed-view ${view.place}`} aria-label={view.name}>
      <div className="contributed-menu" data-thing>
        <ThingMenu place="view/title" target={{ view: { id: view.id } }} name={view.name} />
      </div>
      <Suspense fallback={<p className="quiet padded">{localize('waiting', 'Waiting for the host…')}</p>}>
        <Content view={view} ready={ready} />
      </Suspense>
    </section>
  );
}
