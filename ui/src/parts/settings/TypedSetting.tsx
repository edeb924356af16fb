import { useState } from 'react';
import type { SettingInfo } from '@tutti/common';
import { Input, TextField } from 'react-aria-components';
import { localize } from '../../localize/localize.ts';
import { readTyped } from './setting-words.ts';

interface Draft {
  readonly text: string;
  /** The value that was there when it was begun. */
  readonly before: string;
}

/**
 * Text or a number: kept on Enter or when the field is left; Escape takes back what was typed. A value that somebody else gives it
 * meanwhile takes nothing from who is typing, who then decides by Enter or Escape.
 */
export function TypedSetting({
  setting,
  hint,
  onSave,
}: {
  readonly setting: SettingInfo;
  /** Id of what says which values it takes. */
  readonly hint: string;
  readonly onSave: (value: unknown) => Promise<boolean>;
}) {
  const kept = String(setting.value);
  const [draft, setDraft] = useState<Draft>();
  const typed = readTyped(setting.schema, draft?.text ?? kept);
  const isOvertaken = draft !== undefined && draft.before !== kept && draft.text !== kept;
  const commit = async (): Promise<void> => {
    if (!draft || typed === undefined) return;
    const isDone = draft.text === kept || (await onSave(typed));
    // What was typed since then is not done.
    if (isDone) setDraft((now) => (now === draft ? undefined : now));
  };
  return (
    <>
      <TextField
        aria-label={setting.key}
        aria-describedby={hint}
        className="field setting-value"
        value={draft?.text ?? kept}
        onChange={(text) => setDraft((now) => ({ text, before: now?.before ?? kept }))}
        isInvalid={typed === undefined}
        onBlur={() => {
          if (!isOvertaken) void commit();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void commit();
          if (event.key === 'Escape') setDraft(undefined);
          // The widgets' library keeps keys for itself unless told not to: those of commands work here too.
          event.continuePropagation();
        }}
      >
        <Input autoComplete="off" spellCheck={false} />
      </TextField>
      {isOvertaken && (
        <p className="field-hint" role="status">
          {localize(
            'settings.overtaken',
            'It was changed to {0} meanwhile. Enter keeps what you typed, Escape takes that.',
            kept,
          )}
        </p>
      )}
    </>
  );
}
