import { memo, useState } from 'react';
import { Input, SearchField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { cellSizes } from './grid-layout.ts';
import { GridKeysDialog } from './GridKeysDialog.tsx';
import type { GridSettings } from './grid-settings.ts';
import type { PatchHistory } from './patch-history.ts';

export const RoutingToolbar = memo(function RoutingToolbar(props: {
  readonly settings: GridSettings;
  readonly onChange: (change: Partial<GridSettings>) => void;
  /** Ids of all groups that can fold. */
  readonly groups: readonly string[];
  readonly history: PatchHistory;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onAssign: () => void;
}) {
  const { settings, onChange, history } = props;
  const [showKeys, setShowKeys] = useState(false);
  const size = cellSizes.indexOf(settings.cell);
  const allFolded = props.groups.every((id) => settings.folded.has(id));
  const zoom = (by: number): void => onChange({ cell: cellSizes[size + by] ?? settings.cell });
  return (
    <>
      <ToggleButtonGroup
        className="segmented"
        aria-label={localize('routing.face', 'Side')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[settings.face]}
        onSelectionChange={(keys) => onChange({ face: keys.has('send') ? 'send' : 'receive' })}
      >
        <ToggleButton id="receive" className="button">
          <Icon name="arrow-down" />
          {localize('routing.receive', 'Receive')}
        </ToggleButton>
        <ToggleButton id="send" className="button">
          <Icon name="arrow-up" />
          {localize('routing.send', 'Send')}
        </ToggleButton>
      </ToggleButtonGroup>
      <SearchField
        className="filter"
        aria-label={localize('routing.filter', 'Filter streams')}
        value={settings.words}
        onChange={(words) => onChange({ words })}
      >
        <Input placeholder={localize('routing.filterHint', 'Filter streams')} />
      </SearchField>
      <ToggleButton
        className="button"
        isSelected={settings.onlyUsed}
        onChange={(onlyUsed) => onChange({ onlyUsed })}
      >
        <Icon name="filter" />
        {localize('routing.onlyUsed', 'Only used')}
      </ToggleButton>
      <ActionButton icon="wand" onPress={props.onAssign}>
        {localize('routing.assign', 'Auto-assign…')}
      </ActionButton>
      <ActionButton
        kind="quiet"
        icon={allFolded ? 'expand-all' : 'collapse-all'}
        aria-label={
          allFolded ? localize('routing.unfoldAll', 'Unfold all') : localize('routing.foldAll', 'Fold all')
        }
        onPress={() => onChange({ folded: new Set(allFolded ? [] : props.groups) })}
      />
      <ActionButton
        kind="quiet"
        icon="zoom-out"
        aria-label={localize('routing.smaller', 'Smaller cells')}
        isDisabled={size === 0}
        onPress={() => zoom(-1)}
      />
      <ActionButton
        kind="quiet"
        icon="zoom-in"
        aria-label={localize('routing.larger', 'Larger cells')}
        isDisabled={size === cellSizes.length - 1}
        onPress={() => zoom(1)}
      />
      <ActionButton
        kind="quiet"
        icon="discard"
        aria-label={undoLabel(history.done.at(-1)?.title)}
        isDisabled={history.done.length === 0}
        onPress={props.onUndo}
      />
      <ActionButton
        kind="quiet"
        icon="redo"
        aria-label={redoLabel(history.undone.at(-1)?.title)}
        isDisabled={history.undone.length === 0}
        onPress={props.onRedo}
      />
      <ToggleButton
        className="button quiet only-icon"
        aria-label={localize('routing.showMap', 'Channel map')}
        isSelected={settings.showMap}
        onChange={(showMap) => onChange({ showMap })}
      >
        <Icon name="layout-sidebar-right" />
      </ToggleButton>
      <ActionButton
        kind="quiet"
        icon="keyboard"
        aria-label={localize('routing.keys', 'Keys and gestures')}
        onPress={() => setShowKeys(true)}
      />
      {showKeys && <GridKeysDialog onClose={() => setShowKeys(false)} />}
    </>
  );
});

const undoLabel = (title: string | undefined): string =>
  title === undefined ? localize('routing.undo', 'Undo') : localize('routing.undoStep', 'Undo: {0}', title);
const redoLabel = (title: string | undefined): string =>
  title === undefined ? localize('routing.redo', 'Redo') : localize('routing.redoStep', 'Redo: {0}', title);
