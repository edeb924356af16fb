import { useState } from 'react';
import { Button } from 'react-aria-components';
import { localize, localizeCount } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { FaultText } from '../../widgets/FaultText.tsx';
import { FilterInput } from '../../widgets/FilterInput.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { Part } from '../../widgets/Part.tsx';
import { VirtualRows } from '../../widgets/VirtualRows.tsx';
import { chordOf } from '../../workbench/keybindings.ts';
import { rank } from '../../workbench/rank.ts';
import type { Command } from '../../workbench/registry.ts';
import { useStore } from '../../workbench/store.ts';
import { useRegistry, useWorkbench } from '../../workbench/workbench.ts';

/** Every command with its keys; press the keys to choose others. */
export function KeybindingsPart() {
  const { registries, keybindings } = useWorkbench();
  const commands = useRegistry(registries.commands).map(([, command]) => command);
  const choices = useStore(keybindings.choices);
  const [text, setText] = useState('');
  const titleOf = ({ category, title }: Command): string =>
    category === undefined ? title : `${category}: ${title}`;
  const sorted = [...commands].sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
  const shown = rank(sorted, text, (command) => `${titleOf(command)} ${keybindings.of(command) ?? ''}`);
  return (
    <Part
      title={localize('keybindings.title', 'Keyboard shortcuts')}
      icon="keyboard"
      summary={localizeCount('keybindings.count', shown.length, '{0} command', '{0} commands')}
      actions={
        <FilterInput
          label={localize('keybindings.filter', 'Filter commands')}
          placeholder={localize('filter', 'Filter')}
          value={text}
          onChange={setText}
        />
      }
    >
      <VirtualRows
        label={localize('keybindings.title', 'Keyboard shortcuts')}
        className="key-table"
        items={shown}
        keyOf={({ id }) => id}
        rowHeight={32}
        header={
          <>
            <span role="columnheader">{localize('keybindings.command', 'Command')}</span>
            <span role="columnheader">{localize('keybindings.keys', 'Keys')}</span>
            <span role="columnheader">{localize('keybindings.change', 'Change')}</span>
          </>
        }
        row={(command) => {
          const chord = keybindings.of(command);
          const clash = chord === undefined ? 0 : keybindings.commandsFor(chord).length - 1;
          return (
            <>
              <span role="cell">{titleOf(command)}</span>
              <span role="cell">
                {chord !== undefined && <kbd>{chord}</kbd>}{' '}
                {clash > 0 && <FaultText>{localize('keybindings.clash', 'used twice')}</FaultText>}
              </span>
              <span role="cell">
                <KeyCapture
                  title={titleOf(command)}
                  onChord={(next) => keybindings.choose(command.id, next)}
                />
                {choices[command.id] !== undefined && (
                  <ActionButton
                    kind="quiet"
                    icon="discard"
                    aria-label={localize('keybindings.reset', 'Reset keys of {0}', titleOf(command))}
                    onPress={() => keybindings.choose(command.id, undefined)}
                  />
                )}
                {chord !== undefined && (
                  <ActionButton
                    kind="quiet"
                    icon="trash"
                    aria-label={localize('keybindings.remove', 'Remove keys of {0}', titleOf(command))}
                    onPress={() => keybindings.choose(command.id, '')}
                  />
                )}
              </span>
            </>
          );
        }}
      />
    </Part>
  );
}

/** Takes the next chord that is pressed; Escape takes none, Tab goes on. */
function KeyCapture({
  title,
  onChord,
}: {
  readonly title: string;
  readonly onChord: (chord: string) => void;
}) {
  const [isWaiting, setWaiting] = useState(false);
  return (
    <Button
      className="button quiet"
      aria-label={
        isWaiting
          ? localize('keybindings.press', 'Press the keys for {0}', title)
          : localize('keybindings.changeOne', 'Change keys of {0}', title)
      }
      onPress={() => setWaiting(true)}
      onBlur={() => setWaiting(false)}
      onKeyDown={(event) => {
        if (!isWaiting || event.key === 'Tab') {
          // The widgets' library keeps keys for itself unless told not to.
          event.continuePropagation();
          return;
        }
        event.preventDefault();
        event.stopPropagation();
        const chord = chordOf(event);
        if (chord === undefined) return;
        setWaiting(false);
        if (chord !== 'Escape') onChord(chord);
      }}
    >
      <Icon name="record-keys" />
      {isWaiting
        ? localize('keybindings.waiting', 'Press the keys…')
        : localize('keybindings.changeKeys', 'Change')}
    </Button>
  );
}
