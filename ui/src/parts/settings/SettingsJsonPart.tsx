import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Problem } from '@tutti/base';
import { useHost, useHostState } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { CodeEditor } from '../../widgets/CodeEditor.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import { checkSettings, completeSettings } from './settings-json.ts';
import './settings.css';

/** The settings file itself, comments and all. Saved as a whole, and only onto what was read. */
export function SettingsJsonPart() {
  const host = useHost();
  const workbench = useWorkbench();
  const info = useHostState('settings');
  const settings = useRef(info?.settings ?? []);
  const [file, setFile] = useState<{ readonly text: string; readonly tag: string }>();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    settings.current = info?.settings ?? [];
  }, [info]);

  const load = useCallback(async (): Promise<void> => {
    const reply = await host.api.settingsFile();
    setProblem(reply.ok ? undefined : reply.error);
    if (!reply.ok) return;
    const shown = reply.value.text === '' ? '{\n}\n' : reply.value.text;
    setFile({ text: shown, tag: reply.value.tag });
    setText(shown);
  }, [host]);
  const isChanged = file !== undefined && text !== file.text;
  // Somebody else's change shows at once, unless there is work here that it would overwrite.
  useEffect(() => {
    if (!isChanged) void load();
  }, [info, load]);

  const save = async (): Promise<void> => {
    if (!file) return;
    setBusy(true);
    const reply = await host.api.replaceSettingsFile(text, file.tag);
    setBusy(false);
    setProblem(reply.ok ? undefined : reply.error);
    if (!reply.ok) return;
    host.settingsChanged(reply.value);
    workbench.notify(localize('settings.saved', 'Settings saved.'), { tone: 'ok', passing: true });
    await load();
  };
  const complete = useMemo(() => completeSettings(() => settings.current), []);

  return (
    <div
      className="editor-page"
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
        event.preventDefault();
        void save();
      }}
    >
      <div className="bar">
        <ActionButton
          kind="primary"
          icon="save"
          isPending={busy}
          isDisabled={!isChanged}
          onPress={() => void save()}
        >
          {localize('settings.save', 'Save')}
        </ActionButton>
        <ActionButton icon="discard" isDisabled={!isChanged} onPress={() => void load()}>
          {localize('settings.revert', 'Read again')}
        </ActionButton>
        <bdi className="mono quiet">{info?.path}</bdi>
        {isChanged && <span className="quiet">{localize('settings.unsaved', 'not saved')}</span>}
      </div>
      {problem && <ProblemNotice problem={problem} alert />}
      {file && (
        <CodeEditor
          label={localize('settings.file', 'Settings file')}
          language="json"
          value={text}
          onChange={setText}
          check={(current) => checkSettings(current, settings.current)}
          complete={complete}
        />
      )}
    </div>
  );
}
