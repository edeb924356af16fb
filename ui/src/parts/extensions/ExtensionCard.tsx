import { useState } from 'react';
import type { Problem, Result } from '@tutti/base';
import type { ExtensionInfo } from '@tutti/common';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { ThingMenu } from '../../workbench/ThingMenu.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import { outputChannel } from '../output/output-channel.ts';
import { DisableDialog } from './DisableDialog.tsx';
import { extensionState, originText, reasonText } from './extension-words.ts';

/** One extension: what it is, what it brings, why it is off, and what can be done. */
export function ExtensionCard({ extension }: { readonly extension: ExtensionInfo }) {
  const host = useHost();
  const workbench = useWorkbench();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const { id, displayName, description, version, origin, state, reason } = extension;

  const act = async (call: Promise<Result<unknown>>): Promise<void> => {
    setBusy(true);
    const result = await call;
    setBusy(false);
    setProblem(result.ok ? undefined : result.error);
  };
  const isOff = state === 'disabled' || state === 'quarantined';
  const ask = (verb: 'disable' | 'uninstall'): void =>
    workbench.openDialog((close) => <DisableDialog extension={extension} verb={verb} onClose={close} />);

  return (
    <li className="extension-card" data-thing>
      <div className="extension-head">
        <h3>
          <bdi>{displayName}</bdi>
        </h3>
        <StateBadge {...extensionState(extension)} />
        <span className="quiet">
          <bdi className="mono">
            {id} {version}
          </bdi>{' '}
          · {originText(origin)}
        </span>
        <div className="part-actions">
          {reason === 'untrusted' && (
            <ActionButton
              icon="shield"
              isPending={busy}
              onPress={() => void act(host.api.changeExtension(id, 'trust'))}
            >
              {localize('extensions.trust', 'Trust its native code')}
            </ActionButton>
          )}
          {isOff ? (
            <ActionButton
              isPending={busy}
              aria-label={localize('extensions.enableOne', 'Enable {0}', displayName)}
              onPress={() => void act(host.api.changeExtension(id, 'enable'))}
            >
              {localize('extensions.enable', 'Enable')}
            </ActionButton>
          ) : (
            <ActionButton
              aria-label={localize('extensions.disableOne', 'Disable {0}', displayName)}
              onPress={() => ask('disable')}
            >
              {localize('extensions.disable', 'Disable')}
            </ActionButton>
          )}
          <ActionButton
            kind="quiet"
            icon="output"
            aria-label={localize('extensions.logOf', 'Log of {0}', displayName)}
            onPress={() => {
              outputChannel.set(id);
              workbench.openPanel('output');
            }}
          />
          {origin === 'installed' && (
            <ActionButton
              kind="quiet"
              icon="trash"
              aria-label={localize('extensions.uninstallOne', 'Uninstall {0}', displayName)}
              onPress={() => ask('uninstall')}
            />
          )}
          <ThingMenu place="extensions/item" target={{ extension }} name={displayName} />
        </div>
      </div>
      {description !== undefined && <p>{description}</p>}
      {reason !== undefined && <p className="quiet">{reasonText(reason)}</p>}
      {extension.problem && <ProblemNotice problem={extension.problem} />}
      {problem && <ProblemNotice problem={problem} alert />}
      <dl className="extension-facts">
        <Fact title={localize('extensions.contributes', 'Contributes')} items={extension.contributions} />
        <Fact title={localize('extensions.needs', 'Needs')} items={extension.dependencies} />
        <Fact title={localize('extensions.permissions', 'May use')} items={extension.permissions} />
      </dl>
    </li>
  );
}

function Fact({ title, items }: { readonly title: string; readonly items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {items.map((item) => (
          <span key={item} className="tag">
            {item}
          </span>
        ))}
      </dd>
    </div>
  );
}
