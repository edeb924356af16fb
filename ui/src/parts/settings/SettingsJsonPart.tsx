import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Problem } from '@tutti/base';
import { useHost, useHostState, useHostValue } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { CodeEditor } from '../../widgets/CodeEditor.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import { checkSettings, completeSettings } from './settings-json.ts';
import './settings.css';

/** The file as it was read, and what has been made of it here. */
interface Draft {
  readonly file: SettingsFile;
  readonly text: string;
}

interface SettingsFile {
  readonly text: string;
  /** Names this content of the file, so that nothing newer is overwritten. */
  readonly tag: string;
}

const isChanged = (draft: Draft | undefined): draft is Draft =>
  draft !== undefined && draft.text !== draft.file.text;

const asRead = (file: SettingsFile): Draft => ({ file, text: file.text });

/** The settings file itself, comments and all. Saved as a whole, and only onto what was read. */
export function SettingsJsonPart() {
  const host = useHost();
  const workbench = useWorkbench();
  const info = useHostState('settings');
  const isLive = useHostValue(({ connection }) => connection === 'live');
  const settings = useRef(info?.settings ?? []);
  const [draft, setDraft] = useState<Draft>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    settings.current = info?.settings ?? [];
  }, [info]);

  const load = useCallback(
    async (next: (file: SettingsFile, now: Draft | undefined) => Draft): Promise<void> => {
      const reply = await host.api.settingsFile();
      setProblem(reply.ok ? undefined : reply.error);
      if (!reply.ok) return;
      const file = { tag: reply.value.tag, text: reply.value.text === '' ? '{\n}\n' : reply.value.text };
      setDraft((now) => next(file, now));
    },
    [host],
  );
  // Somebody else's change shows at once, unless there is work here that it would overwrite; what was not answered is asked again.
  useEffect(() => {
    if (!isChanged(draft) && (isLive || !draft))
      void load((file, now) => (isChanged(now) ? now : asRead(file)));
  }, [info, isLive, load]);

  const save = async (): Promise<void> => {
    if (!draft) return;
    const saved = draft.text;
    setBusy(true);
    const reply = await host.api.replaceSettingsFile(saved, draft.file.tag);
    setBusy(false);
    setProblem(reply.ok ? undefined : reply.error);
    if (!reply.ok) return;
    host.settingsChanged(reply.value);
    workbench.notify(localize('settings.saved', 'Settings saved.'), { tone: 'ok', passing: true });
    // What was typed meanwhile stays, as work on the file that is there now.
    await load((file, now) => (now && now.text !== saved ? { file, text: now.text } : asRead(file)));
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
          isDisabled={!isChanged(draft)}
          onPress={() => void save()}
        >
          {localize('settings.save', 'Save')}
        </ActionButton>
        <ActionButton
          icon="discard"
          isDisabled={draft !== undefined && !isChanged(draft)}
          onPress={() => void load(asRead)}
        >
          {localize('settings.revert', 'Read again')}
        </ActionButton>
        <bdi className="mono quiet">{info?.path}</bdi>
        {isChanged(draft) && <span className="quiet">{localize('settings.unsaved', 'not saved')}</span>}
      </div>
      {problem && <ProblemNotice problem={problem} alert />}
      {draft && (
        <CodeEditor
          label={localize('settings.file', 'Settings file')}
          language="json"
          value={draft.text}
          onChange={(text) => setDraft((now) => now && { ...now, text })}
          check={(current) => checkSettings(current, settings.current)}
          complete={complete}
        />
      )}
    </div>
  );
}
