import { useState } from 'react';
import { DropZone, FileTrigger, type FileDropItem } from 'react-aria-components';
import type { ExtensionInfo } from '@tutti/common';
import { useHost, useHostState } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { FilterInput } from '../../widgets/FilterInput.tsx';
import { Part } from '../../widgets/Part.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import { ExtensionCard } from './ExtensionCard.tsx';
import './extensions.css';

const packageEnding = '.tutti';
/** As the host bounds it. */
const maxBytes = 64 * 1024 * 1024;

/** What Tutti is extended with: switch on and off, install by dropping a package here, see why one is off. */
export function ExtensionsPart() {
  const extensions = useHostState('extensions');
  const [text, setText] = useState('');
  const install = useInstall();
  const shown = (extensions ?? []).filter((extension) => matches(extension, text));
  const active = extensions?.filter(({ state }) => state === 'active').length ?? 0;
  return (
    <DropZone
      className="drop-zone whole"
      aria-label={localize('extensions.drop', 'Drop a package here to install it')}
      onDrop={({ items }) => {
        const files = items.filter((item): item is FileDropItem => item.kind === 'file');
        void Promise.all(files.map((item) => item.getFile())).then(async (all) => {
          for (const file of all) await install(file);
        });
      }}
    >
      <Part
        title={localize('extensions.title', 'Extensions')}
        icon="extensions"
        summary={extensions && localize('extensions.summary', '{0} of {1} active', active, extensions.length)}
        actions={
          <>
            <FilterInput
              label={localize('extensions.filter', 'Filter extensions')}
              placeholder={localize('filter', 'Filter')}
              value={text}
              onChange={setText}
            />
            <FileTrigger
              acceptedFileTypes={[packageEnding]}
              onSelect={(files) => {
                const file = files?.[0];
                if (file) void install(file);
              }}
            >
              <ActionButton kind="quiet" icon="desktop-download">
                {localize('extensions.install', 'Install from file…')}
              </ActionButton>
            </FileTrigger>
          </>
        }
      >
        <ul className="extension-list" aria-label={localize('extensions.title', 'Extensions')}>
          {shown.map((extension) => (
            <ExtensionCard key={`${extension.origin} ${extension.id}`} extension={extension} />
          ))}
        </ul>
        {extensions && shown.length === 0 && (
          <p className="empty padded">{localize('extensions.none', 'No extension matches “{0}”.', text)}</p>
        )}
        <p className="quiet padded">
          {localize(
            'extensions.hint',
            'Drop a .tutti package anywhere here to install or update it. It runs in a process of its own and can be switched off at any time.',
          )}
        </p>
      </Part>
    </DropZone>
  );
}

function matches(extension: ExtensionInfo, text: string): boolean {
  const { id, displayName, description = '', contributions } = extension;
  const whole = [id, displayName, description, ...contributions].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}

/** Sends a package to the host and says what became of it. */
function useInstall(): (file: File) => Promise<void> {
  const host = useHost();
  const workbench = useWorkbench();
  return async (file) => {
    if (!file.name.endsWith(packageEnding) || file.size > maxBytes) {
      workbench.notify(localize('extensions.noPackage', '{0} is no package.', file.name.slice(0, 100)), {
        tone: 'bad',
        detail: localize('extensions.noPackageFix', 'Packages end in .tutti and are smaller than 64 MB.'),
      });
      return;
    }
    const result = await host.api.installExtension(file);
    if (result.ok) {
      const { displayName, version } = result.value;
      workbench.notify(localize('extensions.done', '{0} {1} is installed.', displayName, version), {
        tone: 'ok',
        passing: true,
      });
    } else {
      workbench.notify(result.error.message, { tone: 'bad', detail: result.error.fix });
    }
  };
}
