import { useId, useState } from 'react';
import type { Problem } from '@tutti/base';
import type { SettingInfo } from '@tutti/common';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { BarChoice } from '../../widgets/BarChoice.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import { settingName, takes } from './setting-words.ts';
import { TypedSetting } from './TypedSetting.tsx';

/** One setting: its meaning, its value, and the way back to its default. Changes are in force at once. */
export function SettingRow({ setting }: { readonly setting: SettingInfo }) {
  const host = useHost();
  const [problem, setProblem] = useState<Problem>();
  const { key, schema, isSet, source } = setting;
  const { name } = settingName(key);
  const hint = useId();
  const wrong = problem ?? setting.problem;

  /** @returns whether it was taken; if not, the row says why. */
  const save = async (next: unknown): Promise<boolean> => {
    const reply = await host.api.changeSettings({ [key]: next });
    setProblem(reply.ok ? undefined : reply.error);
    if (reply.ok) host.settingsChanged(reply.value);
    return reply.ok;
  };

  return (
    <li className={`setting${isSet ? ' is-set' : ''}`} id={`setting-${key}`}>
      <div className="setting-head">
        <h4>{name}</h4>
        <code className="mono quiet">{key}</code>
        {source !== 'tutti' && <span className="tag">{source}</span>}
        {isSet && (
          <ActionButton
            kind="quiet"
            icon="discard"
            aria-label={localize('settings.resetOne', 'Reset {0} to its default', key)}
            onPress={() => void save(null)}
          >
            {localize('settings.reset', 'Reset')}
          </ActionButton>
        )}
      </div>
      {typeof schema['description'] === 'string' && <p>{schema['description']}</p>}
      <Value setting={setting} hint={hint} onSave={save} />
      <p className="field-hint" id={hint}>
        {localize(
          'settings.takes',
          'Takes {0}. Default: {1}',
          takes(schema),
          JSON.stringify(schema['default']),
        )}
      </p>
      {wrong && (
        <p className="field-error" role="alert">
          <Icon name="error" />
          <span>
            {wrong.message} {wrong.fix}
          </span>
        </p>
      )}
    </li>
  );
}

function Value(props: {
  readonly setting: SettingInfo;
  readonly hint: string;
  readonly onSave: (value: unknown) => Promise<boolean>;
}) {
  const { setting, onSave } = props;
  const { key, schema, value } = setting;
  const workbench = useWorkbench();
  if (schema['type'] === 'boolean') {
    return (
      <BarChoice
        label={key}
        choices={[
          { id: 'true', text: localize('settings.on', 'On') },
          { id: 'false', text: localize('settings.off', 'Off') },
        ]}
        value={value === true ? 'true' : 'false'}
        onChange={(id) => void onSave(id === 'true')}
      />
    );
  }
  if (Array.isArray(schema['enum'])) {
    return (
      <BarChoice
        label={key}
        choices={schema['enum'].map((each) => ({ id: String(each), text: String(each) }))}
        value={String(value)}
        onChange={(id) => void onSave((schema['enum'] as unknown[]).find((each) => String(each) === id))}
      />
    );
  }
  if (typeof value === 'string' || typeof value === 'number') return <TypedSetting {...props} />;
  return (
    <p className="setting-json">
      <code className="mono">{JSON.stringify(value)}</code>
      <ActionButton icon="json" onPress={() => workbench.openEditor('settings.json')}>
        {localize('settings.editJson', 'Edit as JSON')}
      </ActionButton>
    </p>
  );
}
