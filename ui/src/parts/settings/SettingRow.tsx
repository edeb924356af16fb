import { useEffect, useId, useState } from 'react';
import type { Problem } from '@tutti/base';
import type { SettingInfo } from '@tutti/common';
import { Input, TextField } from 'react-aria-components';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { BarChoice } from '../../widgets/BarChoice.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import { readTyped, settingName, takes } from './setting-words.ts';

/** One setting: its meaning, its value, and the way back to its default. Changes are in force at once. */
export function SettingRow({ setting }: { readonly setting: SettingInfo }) {
  const host = useHost();
  const [problem, setProblem] = useState<Problem>();
  const { key, schema, isSet, source, value } = setting;
  const { name } = settingName(key);
  const hint = useId();
  const wrong = problem ?? setting.problem;

  const save = async (next: unknown): Promise<void> => {
    const reply = await host.api.changeSettings({ [key]: next });
    setProblem(reply.ok ? undefined : reply.error);
    if (reply.ok) host.settingsChanged(reply.value);
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
      <Value key={JSON.stringify(value)} setting={setting} hint={hint} onSave={(next) => void save(next)} />
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
  readonly onSave: (value: unknown) => void;
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
        onChange={(id) => onSave(id === 'true')}
      />
    );
  }
  if (Array.isArray(schema['enum'])) {
    return (
      <BarChoice
        label={key}
        choices={schema['enum'].map((each) => ({ id: String(each), text: String(each) }))}
        value={String(value)}
        onChange={(id) => onSave((schema['enum'] as unknown[]).find((each) => String(each) === id))}
      />
    );
  }
  if (typeof value === 'string' || typeof value === 'number') return <Typed {...props} />;
  return (
    <p className="setting-json">
      <code className="mono">{JSON.stringify(value)}</code>
      <ActionButton icon="json" onPress={() => workbench.openEditor('settings.json')}>
        {localize('settings.editJson', 'Edit as JSON')}
      </ActionButton>
    </p>
  );
}

/** Text or a number: kept on Enter or when the field is left; Escape takes back what was typed. */
function Typed({ setting, hint, onSave }: Parameters<typeof Value>[0]) {
  const kept = String(setting.value);
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const typed = readTyped(setting.schema, text);
  const commit = (): void => {
    if (text !== kept && typed !== undefined) onSave(typed);
  };
  return (
    <TextField
      aria-label={setting.key}
      aria-describedby={hint}
      className="field setting-value"
      value={text}
      onChange={setText}
      isInvalid={typed === undefined}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setText(kept);
        // The widgets' library keeps keys for itself unless told not to: those of commands work here too.
        event.continuePropagation();
      }}
    >
      <Input autoComplete="off" spellCheck={false} />
    </TextField>
  );
}
