import { useMemo, useState } from 'react';
import type { SettingInfo } from '@tutti/common';
import { useHostState } from '../../api/host-context.ts';
import { localize, localizeCount } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { FilterInput } from '../../widgets/FilterInput.tsx';
import { Part } from '../../widgets/Part.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import { SettingRow } from './SettingRow.tsx';
import { matchesSetting, settingName } from './setting-words.ts';
import './settings.css';

/** Settings as a form made of their schemas; what is typed is kept at once. */
export function SettingsPart() {
  const workbench = useWorkbench();
  const info = useHostState('settings');
  const [text, setText] = useState('');
  const shown = useMemo(
    () => (info?.settings ?? []).filter((each) => matchesSetting(each, text)),
    [info, text],
  );
  const groups = useMemo(() => groupsOf(shown), [shown]);
  if (!info) return <p className="quiet padded">{localize('waiting', 'Waiting for the host…')}</p>;
  const changed = info.settings.filter(({ isSet }) => isSet).length;
  return (
    <Part
      title={localize('settings.title', 'Settings')}
      icon="settings-gear"
      summary={localizeCount('settings.changed', changed, '{0} changed', '{0} changed')}
      actions={
        <>
          <FilterInput
            label={localize('settings.search', 'Search settings')}
            placeholder={localize('settings.searchHere', 'Search')}
            value={text}
            onChange={setText}
          />
          <ActionButton kind="quiet" icon="json" onPress={() => workbench.openEditor('settings.json')}>
            {localize('settings.editJson', 'Edit as JSON')}
          </ActionButton>
          <ActionButton kind="quiet" icon="keyboard" onPress={() => workbench.openEditor('keybindings')}>
            {localize('keybindings.title', 'Keyboard shortcuts')}
          </ActionButton>
        </>
      }
    >
      {info.problem && <ProblemNotice problem={info.problem} alert />}
      {groups.map(([group, settings]) => (
        <section key={group} className="setting-group">
          <h3>{group}</h3>
          <ul>
            {settings.map((setting) => (
              <SettingRow key={setting.key} setting={setting} />
            ))}
          </ul>
        </section>
      ))}
      {shown.length === 0 && (
        <p className="empty padded">{localize('settings.none', 'No setting matches “{0}”.', text)}</p>
      )}
      <p className="quiet padded">
        {localize('settings.path', 'Kept in')} <bdi className="mono">{info.path}</bdi>
      </p>
    </Part>
  );
}

function groupsOf(settings: readonly SettingInfo[]): readonly (readonly [string, readonly SettingInfo[]])[] {
  const groups = new Map<string, SettingInfo[]>();
  for (const setting of settings) {
    const { group } = settingName(setting.key);
    groups.set(group, [...(groups.get(group) ?? []), setting]);
  }
  return [...groups];
}
