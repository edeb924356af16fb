import { useEffect, useState, useSyncExternalStore, type KeyboardEvent } from 'react';
import type { TreeItem } from '@tutti/api';
import { Button, Collection, Tree, TreeItem as Row, TreeItemContent } from 'react-aria-components';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { Icon } from '../../widgets/Icon.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import type { ViewProps } from './shown-view.ts';
import { ownId } from './own-id.ts';
import { TreeModel } from './tree-model.ts';
import { targetOf } from './view-target.ts';
import { useViewChanges } from './use-view-changes.ts';

export function TreeView({ view, ready }: ViewProps) {
  const host = useHost();
  const workbench = useWorkbench();
  const [model] = useState(() => new TreeModel((parent) => host.api.viewChildren(view.id, parent)));
  const { levels, expanded, problem } = useSyncExternalStore(model.subscribe, model.get);
  useEffect(() => void model.load(), [model]);
  useViewChanges(view.id, ready, (items) => model.changed(items));
  if (problem) return <ProblemNotice problem={problem} alert />;
  const first = levels.get(undefined);
  if (!first) return <p className="quiet padded">{localize('waiting', 'Waiting for the host…')}</p>;

  const find = (id: string): TreeItem | undefined =>
    [...levels.values()].flat().find((item) => item.id === id);
  const row = (item: TreeItem) => (
    <Row id={item.id} textValue={item.label} hasChildItems={item.children !== undefined} className="tree-row">
      <TreeItemContent>
        {item.children !== undefined && (
          <Button slot="chevron" className="tree-chevron">
            <Icon name="chevron-right" />
          </Button>
        )}
        {item.icon !== undefined && <Icon name={item.icon} />}
        <bdi className="tree-label" title={item.tooltip ?? item.label}>
          {item.label}
        </bdi>
        {item.description !== undefined && <bdi className="tree-description quiet">{item.description}</bdi>}
        <ThingMenu place="view/item" target={targetOf(view, item)} name={item.label} />
      </TreeItemContent>
      <Collection items={levels.get(item.id) ?? []}>{row}</Collection>
    </Row>
  );
  /** The widget unfolds by keyboard only what has its children already; ours come when they are wanted. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (!(event.target instanceof HTMLElement) || event.target.role !== 'row') return;
    const item = find(event.target.dataset['key'] ?? '');
    if (event.key !== 'ArrowRight' || !item?.children || expanded.has(item.id)) return;
    event.preventDefault();
    event.stopPropagation();
    model.toggle(item.id);
  };
  return (
    <div className="tree-frame" onKeyDownCapture={onKeyDown}>
      <Tree
        aria-label={view.name}
        className="tree"
        selectionMode="none"
        items={first}
        dependencies={[levels]}
        expandedKeys={expanded}
        onExpandedChange={(keys) => model.expand(new Set([...keys].map(String)))}
        onAction={(key) => {
          const item = find(String(key));
          if (item?.command) void workbench.run(ownId(item.command.id), item.command.arguments ?? {});
          else if (item?.children) model.toggle(item.id);
        }}
        renderEmptyState={() => (
          <p className="quiet padded">{localize('extensionPoints.empty', 'There is nothing here now.')}</p>
        )}
      >
        {row}
      </Tree>
    </div>
  );
}
